import type { NativeItem } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import type { Condition } from '../expressions/condition.ts'
import { evaluate } from '../expressions/evaluate.ts'
import { attributePath } from '../expressions/path.ts'
import type { CompiledEntity } from '../schema/compiled-entity.ts'
import type { Table } from '../schema/table.ts'

/** Which items a read leaves out; what is not said follows from the definition of the entity. */
export interface VisibilityOptions {
  /** Whether soft-deleted items are given too. */
  readonly withDeleted?: boolean | undefined
  /** Whether items are left out whose time to live is over. */
  readonly excludeExpired?: boolean | undefined
}

const everything: readonly Condition[] = Object.freeze([])
const millisecondsPerSecond = 1000
const yearsDynamoDBLooksBack = 5

/**
 * As {@link visibilityOf}, for a read of one entity. Costs nothing where nothing can be hidden.
 *
 * @internal
 */
export function entityVisibility(
  entity: CompiledEntity,
  options: VisibilityOptions | undefined,
): readonly Condition[] {
  const isSaid = options?.withDeleted !== undefined || options?.excludeExpired !== undefined
  if (!isSaid && entity.deletedAt === undefined && !entity.excludeExpired) return everything
  return visibilityOf(entity.table, [entity], options ?? {}, new Date())
}

/**
 * Tells which items a read must not show, as conditions that are true of the others.
 *
 * @param table - The table.
 * @param entities - The entities that are read; none for an untyped table.
 * @param options - What the caller said.
 * @param now - The time by which items expire.
 * @returns Conditions in stored values; empty when nothing is left out.
 * @throws ValidationError when the table or the entities do not have what the caller asks for.
 * @internal
 */
export function visibilityOf(
  table: Table,
  entities: readonly CompiledEntity[],
  options: VisibilityOptions,
  now: Date,
): readonly Condition[] {
  checkOptions(table, entities, options)
  const [first, ...others] = entities
  if (others.length === 0) return visibilityOfOne(table, first, options, now)
  return Object.freeze(
    entities.flatMap((entity) =>
      visibilityOfOne(table, entity, options, now).map((visible) => orOfAnother(entity, visible)),
    ),
  )
}

function visibilityOfOne(
  table: Table,
  entity: CompiledEntity | undefined,
  options: VisibilityOptions,
  now: Date,
): readonly Condition[] {
  const hidden: Condition[] = []
  if (entity?.deletedAt !== undefined && options.withDeleted !== true) {
    hidden.push(fieldCondition(entity.deletedAt, 'exists'))
  }
  if (hidesExpired(entity, options)) hidden.push(isExpired(table.options.timeToLive ?? '', now))
  if (hidden.length === 0) return everything
  return Object.freeze(hidden.map((condition): Condition => Object.freeze({ type: 'not', condition })))
}

function hidesExpired(entity: CompiledEntity | undefined, { excludeExpired }: VisibilityOptions): boolean {
  return excludeExpired ?? entity?.excludeExpired ?? false
}

/** Each entity has rules of its own, which must not touch the items of the others. */
function orOfAnother({ name, entityAttribute }: CompiledEntity, visible: Condition): Condition {
  if (entityAttribute === false) return visible
  const isOther = fieldCondition(entityAttribute, '<>', name)
  return Object.freeze({ type: 'or', conditions: Object.freeze([isOther, visible]) })
}

function fieldCondition(name: string, operator: 'exists' | '<>', value?: string): Condition {
  const operands = value === undefined ? [] : [Object.freeze({ value })]
  return Object.freeze({
    type: 'field',
    path: attributePath(name),
    operator,
    operands: Object.freeze(operands),
  })
}

/**
 * The condition that the time to live of an item is over.
 *
 * Only numbers count, and only times of the last five years: others DynamoDB never deletes.
 *
 * Source: Amazon DynamoDB Developer Guide, "Using time to live (TTL)", formatting an item's TTL attribute.
 *
 * @param attribute - The table's time-to-live attribute.
 * @param now - The time.
 * @internal
 */
export function isExpired(attribute: string, now: Date): Condition {
  const earliest = new Date(now)
  earliest.setUTCFullYear(now.getUTCFullYear() - yearsDynamoDBLooksBack)
  return Object.freeze({
    type: 'field',
    path: attributePath(attribute),
    operator: 'between',
    operands: Object.freeze([toOperand(earliest), toOperand(now)]),
  })
}

function toOperand(time: Date): { readonly value: number } {
  return Object.freeze({ value: Math.floor(time.getTime() / millisecondsPerSecond) })
}

/**
 * Tells whether a query must be planned anew each time, because which items have expired depends on when.
 *
 * @internal
 */
export function dependsOnTime(entities: readonly CompiledEntity[], options: VisibilityOptions): boolean {
  if (entities.length === 0) return hidesExpired(undefined, options)
  return entities.some((entity) => hidesExpired(entity, options))
}

/**
 * Tells whether a read may show an item.
 *
 * @param visibility - What {@link visibilityOf} gave.
 * @param item - The stored item, with the attributes the conditions look at.
 * @internal
 */
export function isVisible(visibility: readonly Condition[], item: NativeItem): boolean {
  return visibility.every((condition) => evaluate(condition, item))
}

function checkOptions(table: Table, entities: readonly CompiledEntity[], options: VisibilityOptions): void {
  if (options.withDeleted === true && entities.every(({ deletedAt }) => deletedAt === undefined)) {
    throw noSoftDelete(table, entities)
  }
  if (options.excludeExpired === true && table.options.timeToLive === undefined) throw noTimeToLive(table)
}

/**
 * Makes the error for a call that makes sense only where items are deleted softly.
 *
 * @internal
 */
export function noSoftDelete({ name }: Table, entities: readonly CompiledEntity[]): ValidationError {
  const [entity] = entities
  const reason = entity
    ? `${entities.map((one) => one.name).join(', ')}: items are deleted for good, so there are none to show or restore. Define the entity with softDelete: true.`
    : `table '${name}': soft deletion belongs to entities, and nothing is hidden here. Leave withDeleted out.`
  return new ValidationError(reason, { rule: 'soft-delete', field: 'withDeleted', tableName: name })
}

function noTimeToLive({ name }: Table): ValidationError {
  return new ValidationError(
    `table '${name}': when items expire is not known, because the table has no time to live. Give timeToLive in defineTable, or turn it on with db.tables.setTimeToLive.`,
    { rule: 'time-to-live', field: 'excludeExpired', tableName: name },
  )
}
