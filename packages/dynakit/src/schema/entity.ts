import { DefinitionError } from '../errors/request-errors.ts'
import { compileEntity } from './compile-entity.ts'
import type { CompiledEntity } from './compiled-entity.ts'
import type { CheckEntity, EntityModel, EntityOptions, ModelOf } from './entity-types.ts'
import { templatesOverlap } from './key-template.ts'
import type { AttributeSchemas } from './standard-schema.ts'
import type { Table } from './table.ts'

/** An entity: a kind of item, made by {@link defineEntity}. */
export interface Entity<Model extends EntityModel = EntityModel> {
  /** Its name, as stored in every item. */
  readonly name: Model['name']
  /** The table its items live in. */
  readonly table: Table
  /** Its attributes with their schemas. */
  readonly attributes: AttributeSchemas
  /** Names of the fields that identify an item. */
  readonly keyFields: readonly string[]
  /** Types only; has no value. */
  readonly '~model'?: Model
  /** For dynakit itself. */
  readonly '~compiled': CompiledEntity
}

/** An item of an entity, as it is read. */
export type EntityItem<Definition extends Entity> = NonNullable<Definition['~model']>['item']
/** An item of an entity, as it is given to `create`. */
export type EntityInput<Definition extends Entity> = NonNullable<Definition['~model']>['input']
/** The fields that identify an item of an entity. */
export type EntityKey<Definition extends Entity> = NonNullable<Definition['~model']>['key']
/** The model of an entity's type. */
export type ModelFor<Definition extends Entity> =
  Definition extends Entity<infer Model extends EntityModel> ? Model : never
/** What `put` and `save` accept: an input, or an item as it was read. */
export type PutInput<Definition extends Entity> = EntityInput<Definition> &
  Partial<Omit<EntityItem<Definition>, keyof EntityInput<Definition>>>

const entitiesByTable = new WeakMap<Table, CompiledEntity[]>()

/**
 * Declares an entity: the attributes of a kind of item and how its keys are made.
 *
 * @param options - Name, table, attributes, key templates and settings; see {@link EntityOptions}.
 * @returns The entity as frozen data.
 * @throws DefinitionError when a template names an unknown attribute or index, a key attribute has the
 *   wrong type, or another entity of the table could have items with the same key.
 *
 * @example
 * ```ts
 * import { defineEntity, defineTable, isoDate, type EntityItem } from 'dynakit'
 * import { z } from 'zod'
 *
 * const ShopTable = defineTable({
 *   name: 'Shop',
 *   partitionKey: { name: 'pk', type: 'string' },
 *   sortKey: { name: 'sk', type: 'string' },
 * })
 *
 * export const Order = defineEntity({
 *   name: 'Order',
 *   table: ShopTable,
 *   attributes: { customerId: z.string(), orderId: z.string(), total: z.number(), placedAt: isoDate() },
 *   key: { partitionKey: 'CUSTOMER#{customerId}', sortKey: 'ORDER#{orderId}' },
 *   timestamps: true,
 * })
 * export type Order = EntityItem<typeof Order>
 * ```
 */
export function defineEntity<const Options extends EntityOptions>(
  options: Options & CheckEntity<Options>,
): Entity<ModelOf<Options>> {
  const compiled = compileEntity(options)
  const others = entitiesByTable.get(options.table) ?? []
  for (const other of others) checkOverlap(compiled, other, options)
  entitiesByTable.set(options.table, [...others, compiled])
  return Object.freeze({
    name: options.name,
    table: options.table,
    attributes: options.attributes,
    keyFields: compiled.keyFields,
    '~compiled': compiled,
  })
}

/**
 * The entities defined on a table so far, in the order of their definition.
 *
 * @internal
 */
export function entitiesOf(table: Table): readonly CompiledEntity[] {
  return entitiesByTable.get(table) ?? []
}

function checkOverlap(entity: CompiledEntity, other: CompiledEntity, options: EntityOptions): void {
  if (entity.name === other.name) {
    throw new DefinitionError(
      `entity '${entity.name}': table '${entity.table.name}' already has an entity of this name. ` +
        'Give it another name, or define the table once per set of entities.',
      { rule: 'entity-name', definition: entity.name },
    )
  }
  if (options.allowKeyOverlap === true || !keysOverlap(entity, other)) return
  throw new DefinitionError(
    `entity '${entity.name}': an item of it could have the same key as an item of '${other.name}' ` +
      `(${describeKey(entity)} and ${describeKey(other)}), and one would overwrite the other. ` +
      'Begin one of the key templates with different text, or set allowKeyOverlap: true.',
    { rule: 'key-overlap', definition: entity.name },
  )
}

function keysOverlap(left: CompiledEntity, right: CompiledEntity): boolean {
  const a = primaryParts(left)
  const b = primaryParts(right)
  return a.every((part, at) => templatesOverlap(part.template, b[at]?.template))
}

function describeKey(entity: CompiledEntity): string {
  return primaryParts(entity)
    .map((part) => `'${part.template?.source ?? `{${part.attribute}}`}'`)
    .join(' + ')
}

function primaryParts(entity: CompiledEntity): CompiledEntity['derived'] {
  const [primary] = entity.keys
  return primary ? [...primary.partitionKey, ...primary.sortKey] : []
}
