import type { NativeValue } from '../codec/native-value.ts'
import { ScanNotAllowedError } from '../errors/request-errors.ts'
import { attributesOf, type Condition } from '../expressions/condition.ts'
import type { Operator } from '../expressions/field-types.ts'
import { attributePath } from '../expressions/path.ts'
import type { StoredType } from '../schema/attribute-codec.ts'
import type { CompiledEntity, KeySource } from '../schema/compiled-entity.ts'
import { storedTypeOf } from '../schema/stored-type.ts'
import type { Table } from '../schema/table.ts'
import type { KeyField } from './key-fields.ts'
import { planRead } from './plan-read.ts'
import { heldAttributes } from './projection.ts'
import { identifier, property, quoted } from './source-text.ts'

/** A key or index, and who uses it. */
export interface PatternSource {
  readonly source: KeySource
  readonly primary: KeySource
  readonly table: Table
  /** None for an untyped table. */
  readonly entity: CompiledEntity | undefined
  readonly partition: readonly KeyField[]
  readonly sort: readonly KeyField[]
  readonly missing: readonly string[] | 'all'
  /** Conditions by which reads of the entity hide items. */
  readonly visibility: readonly Condition[]
}

/** One condition of an example. */
interface Example {
  readonly field: string
  readonly operator: Operator
}

/**
 * Writes lines of code that use a key or index. An index is named in them where the planner would choose
 * another one by itself.
 *
 * @internal
 */
export function patternExamples(pattern: PatternSource): readonly string[] {
  const { source, sort } = pattern
  if (source.type !== 'table') return [queryExample(pattern)]
  return sort.length === 0 ? [getExample(pattern)] : [getExample(pattern), queryExample(pattern)]
}

function getExample({ entity, table, partition, sort }: PatternSource): string {
  const fields = [...partition, ...sort].map(({ field }) => property(field))
  const key = fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
  const repository = entity ? `db.repository(${identifier(entity.name)})` : `db.table(${quoted(table.name)})`
  return `${repository}.get(${key})`
}

function queryExample(pattern: PatternSource): string {
  const { entity, table, source, partition, sort } = pattern
  const [first] = sort
  const conditions: Example[] = partition.map(({ field }) => ({ field, operator: '=' }))
  if (first) conditions.push({ field: first.field, operator: first.operators.includes('>=') ? '>=' : '=' })
  const { select, isCompleted } = readOf(pattern, conditions)
  const isChosen = isChosenFor(pattern, conditions, select, isCompleted)
  return [
    entity ? `db.query(${identifier(entity.name)})` : `db.table(${quoted(table.name)}).query()`,
    ...conditions.map(
      ({ field, operator }) => `.where(${pathText(field)}, '${operator}', ${identifier(field)})`,
    ),
    ...(isChosen || source.indexName === undefined ? [] : [`.index(${quoted(source.indexName)})`]),
    ...(select ? [`.select(${select.map(pathText).join(', ')})`] : []),
    ...(isCompleted ? ['.completeItems()'] : []),
  ].join('')
}

function pathText(name: string): string {
  return quoted(attributePath(name).text)
}

/** How the example gets along with the attributes the index holds. */
interface ExampleRead {
  readonly select: readonly string[] | undefined
  readonly isCompleted: boolean
}

function readOf(
  { source, primary, entity, missing, visibility }: PatternSource,
  conditions: readonly Example[],
): ExampleRead {
  const held = heldAttributes(source, primary)
  const lacksNothing = missing !== 'all' && missing.length === 0
  if (held === 'all' || lacksNothing || source.type === 'local')
    return { select: undefined, isCompleted: false }
  const select = entity
    ? entity.attributes.map(({ name }) => name).filter((name) => held.has(name))
    : [...held]
  const looksAt = [
    ...conditions.map(({ field }) => field),
    ...visibility.flatMap((one) => [...attributesOf(one)]),
  ]
  if (entity && entity.entityAttribute !== false) looksAt.push(entity.entityAttribute)
  const suffices = select.length > 0 && looksAt.every((name) => held.has(name))
  return suffices ? { select, isCompleted: false } : { select: undefined, isCompleted: true }
}

function isChosenFor(
  pattern: PatternSource,
  conditions: readonly Example[],
  select: readonly string[] | undefined,
  completeItems: boolean,
): boolean {
  const { table, entity, source } = pattern
  try {
    const planned = planRead({
      table,
      entities: entity ? [entity] : [],
      conditions: conditions.map((condition) => toCondition(pattern, condition)),
      select: select?.map(attributePath),
      ascending: true,
      orderBy: undefined,
      consistentRead: false,
      indexName: undefined,
      allowScan: false,
      visibility: pattern.visibility,
      completeItems,
    })
    return planned.source.indexName === source.indexName
  } catch (error) {
    if (ScanNotAllowedError.is(error)) return false
    throw error
  }
}

function toCondition({ source, table, entity }: PatternSource, { field, operator }: Example): Condition {
  const ofTable = [...source.partitionKey, ...source.sortKey].find(({ attribute }) => attribute === field)
  const value = sampleValue(entity ? storedTypeOf(entity, field) : ofTable?.type, table.keySeparator)
  return { type: 'field', path: attributePath(field), operator, operands: [{ value }] }
}

/** The planner decides by the type of a value, never by the value. */
function sampleValue(type: StoredType | undefined, separator: string): NativeValue {
  if (type === 'number') return 1
  if (type === 'boolean') return true
  if (type === 'binary') return Uint8Array.of(1)
  return separator === 'a' ? 'b' : 'a'
}
