import type { NativeItem } from '../codec/native-value.ts'
import { UnknownItemError } from '../errors/unknown-item-error.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import type { Condition } from '../expressions/condition.ts'
import type { Operator } from '../expressions/field-types.ts'
import { attributePath, type Path } from '../expressions/path.ts'
import type { CompiledEntity } from '../schema/compiled-entity.ts'
import type { Table } from '../schema/table.ts'
import { markerEntity } from '../schema/unique-constraint.ts'
import type { QueryTarget } from './query-target.ts'

/**
 * What a query for several entities does with items that are of none of them: `throw` an
 * {@link UnknownItemError}, `skip` them, or give them as they are stored (`raw`).
 */
export type UnknownItems = 'throw' | 'skip' | 'raw'

/** An item of none of the entities a query names, as it is stored; see `unknownItems('raw')`. */
export interface UnknownItem {
  readonly entity: undefined
  readonly item: NativeItem
}

/** What a request says about items of other kinds. */
export interface OtherItems {
  /** Whether DynamoDB leaves out every item of other entities. */
  readonly entityFilter: boolean
  /** Conditions that leave out some of them. */
  readonly visibility: readonly Condition[]
}

const noOthers: OtherItems = Object.freeze({ entityFilter: true, visibility: [] })

/**
 * Tells which items of other kinds a query must see.
 *
 * Naming entities is selecting: an item with another entity's name was not asked for, and appears when a
 * later version of the application writes a new kind. An item without a name may be one that was asked
 * for, so by default it is read, and refused.
 *
 * @param table - The table.
 * @param entities - The entities queried.
 * @param unknownItems - What the caller chose, if anything.
 * @returns What goes into the request.
 * @internal
 */
export function otherItems(
  table: Table,
  entities: readonly CompiledEntity[],
  unknownItems: UnknownItems | undefined,
): OtherItems {
  if (entities.length <= 1 || table.entityAttribute === false || unknownItems === 'skip') return noOthers
  const path = attributePath(table.entityAttribute)
  const visible =
    unknownItems === undefined
      ? anyOf([
          compare(
            path,
            'in',
            entities.map(({ name }) => name),
          ),
          not(compare(path, 'attribute_type', ['S'])),
        ])
      : // The items that keep unique values are the library's own.
        compare(path, '<>', [markerEntity])
  return Object.freeze({ entityFilter: false, visibility: Object.freeze([visible]) })
}

function compare(path: Path, operator: Operator, values: readonly string[]): Condition {
  const operands = Object.freeze(values.map((value) => Object.freeze({ value })))
  return Object.freeze({ type: 'field', path, operator, operands })
}

function not(condition: Condition): Condition {
  return Object.freeze({ type: 'not', condition })
}

function anyOf(conditions: readonly Condition[]): Condition {
  return Object.freeze({ type: 'or', conditions: Object.freeze(conditions) })
}

/** How items are counted of which one may have to be refused. */
export interface RefusedItems {
  /** What must be read of each. */
  readonly select: readonly Path[]
  /** Throws for an item of none of the entities. */
  readonly check: (item: NativeItem) => void
}

/**
 * Tells how a query looks at its items when they are only counted.
 *
 * @returns `undefined` when no item can be refused, so that DynamoDB can count.
 * @internal
 */
export function refusedItems(
  target: QueryTarget,
  unknownItems: UnknownItems | undefined,
): RefusedItems | undefined {
  const { entities, table } = target
  const isRefused = entities.length > 1 && unknownItems !== 'skip' && unknownItems !== 'raw'
  if (!isRefused || !table || table.entityAttribute === false) return undefined
  return {
    select: [attributePath(table.entityAttribute)],
    check: (item) => void target.decode(item, unknownItems),
  }
}

/**
 * Checks what was given to `unknownItems`.
 *
 * @throws ValidationError when it is none of the choices.
 * @internal
 */
export function checkUnknownItems(choice: unknown): UnknownItems {
  if (choice === 'throw' || choice === 'skip' || choice === 'raw') return choice
  throw new ValidationError("unknownItems: give 'throw', 'skip' or 'raw'.", {
    rule: 'option',
    field: 'unknownItems',
    valueType: valueType(choice),
  })
}

/**
 * Checks that a method for several entities is called on a query for several.
 *
 * @throws ValidationError when it is not.
 * @internal
 */
export function checkUnion(method: string, entities: readonly CompiledEntity[]): void {
  if (entities.length > 1) return
  throw new ValidationError(
    `${method}: this query is not for several entities. Name them: db.query(Customer, Order).`,
    { rule: 'option', field: method },
  )
}

/**
 * Makes the error for an item of none of the entities queried.
 *
 * @param table - The table.
 * @param entities - The entities queried.
 * @param item - The stored item.
 * @returns The error; it names the entity, never a value.
 * @internal
 */
export function unknownItemError(
  table: Table,
  entities: readonly CompiledEntity[],
  item: NativeItem,
): UnknownItemError {
  const entityAttribute = table.entityAttribute === false ? '' : table.entityAttribute
  const value = item[entityAttribute]
  const entityName = typeof value === 'string' ? value : undefined
  const names = entities.map(({ name }) => name).join(', ')
  const found =
    entityName === undefined ? describeMissing(entityAttribute, value) : `of entity '${entityName}'`
  const remedy =
    entityName === undefined
      ? 'Something else wrote it: write it again through its entity'
      : `Name ${entityName} in the query too`
  return new UnknownItemError(
    `table '${table.name}': the query for ${names} found an item ${found}. ` +
      `${remedy}, or call .unknownItems('skip') to leave such items out, or .unknownItems('raw') to be given them as they are.`,
    { entityAttribute, entityName, item, tableName: table.name },
  )
}

function describeMissing(entityAttribute: string, value: unknown): string {
  if (value === undefined) return `without an entity's name ('${entityAttribute}' is missing)`
  return `without an entity's name ('${entityAttribute}' is of type ${valueType(value)}, not a string)`
}
