import type { Random } from './random.ts'

/** Types of key attributes. */
export type KeyType = 'S' | 'N' | 'B'

export interface KeyAttribute {
  readonly name: string
  readonly type: KeyType
}

export interface Key {
  readonly partition: readonly KeyAttribute[]
  readonly sort: readonly KeyAttribute[]
}

export interface Index extends Key {
  readonly name: string
  readonly isGlobal: boolean
  readonly projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: readonly string[] }
}

/** A table to ask both engines about. */
export interface Schema extends Key {
  readonly tableName: string
  readonly indexes: readonly Index[]
}

/** Attributes that items have besides the primary key; those named after a type are keys of indexes. */
export const attributeNames = ['a', 'b', 'c', 'd', 's1', 's2', 'n1', 'n2', 'b1'] as const
const indexKeys: readonly KeyAttribute[] = [
  { name: 's1', type: 'S' },
  { name: 's2', type: 'S' },
  { name: 'n1', type: 'N' },
  { name: 'n2', type: 'N' },
  { name: 'b1', type: 'B' },
]
const keyTypes = ['S', 'S', 'N', 'B'] as const

/** Makes up a table with indexes. */
export function randomSchema(random: Random, tableName: string): Schema {
  const partition = [{ name: 'pk', type: random.pick(keyTypes) }]
  const sort = random.chance(0.7) ? [{ name: 'sk', type: random.pick(keyTypes) }] : []
  const locals = sort.length === 0 ? 0 : random.integer(3)
  const indexes = [
    ...random.times(random.integer(4), (at) => randomGlobal(random, `global${String(at)}`)),
    ...random.times(locals, (at) => ({
      name: `local${String(at)}`,
      isGlobal: false,
      partition,
      sort: [random.pick(indexKeys)],
      projection: randomProjection(random),
    })),
  ]
  return { tableName, partition, sort, indexes }
}

function randomGlobal(random: Random, name: string): Index {
  const attributes = [...indexKeys].sort(() => random.next() - 0.5)
  const partition = attributes.splice(0, random.chance(0.2) ? 2 : 1)
  const sort = random.chance(0.6) ? attributes.splice(0, random.chance(0.2) ? 2 : 1) : []
  return { name, isGlobal: true, partition, sort, projection: randomProjection(random) }
}

function randomProjection(random: Random): Index['projection'] {
  const ProjectionType = random.pick(['ALL', 'ALL', 'KEYS_ONLY', 'INCLUDE'])
  return ProjectionType === 'INCLUDE'
    ? { ProjectionType, NonKeyAttributes: random.chance(0.5) ? ['a', 'b'] : ['c'] }
    : { ProjectionType }
}

/** The request that creates the table. */
export function createTableInput({ tableName, partition, sort, indexes }: Schema): object {
  const attributes = new Map(
    [{ partition, sort }, ...indexes].flatMap((key) =>
      [...key.partition, ...key.sort].map((attribute) => [attribute.name, attribute.type]),
    ),
  )
  const describe = (index: Index): object => ({
    IndexName: index.name,
    KeySchema: keySchema(index),
    Projection: index.projection,
  })
  const globals = indexes.filter(({ isGlobal }) => isGlobal).map(describe)
  const locals = indexes.filter(({ isGlobal }) => !isGlobal).map(describe)
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema({ partition, sort }),
    AttributeDefinitions: [...attributes].map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    ...(globals.length > 0 && { GlobalSecondaryIndexes: globals }),
    ...(locals.length > 0 && { LocalSecondaryIndexes: locals }),
  }
}

function keySchema({ partition, sort }: Key): object[] {
  return [
    ...partition.map(({ name }) => ({ AttributeName: name, KeyType: 'HASH' })),
    ...sort.map(({ name }) => ({ AttributeName: name, KeyType: 'RANGE' })),
  ]
}
