import { Decimal, type KeyType, type NativeNumber, type NativeValue } from 'dynakit'
import { numberText } from './number-text.ts'
import type { EntitySpec, SchemaSpec, TemplatePart } from './random-schema.ts'

/** An item as the model has it stored, key attributes left out. */
export type Fields = Readonly<Record<string, NativeValue>>

/** What stands in the way of a write. */
export interface Problems {
  /** It must be refused. */
  readonly isSure: boolean
  /** It may be refused. */
  readonly isPossible: boolean
}

interface KeyAttribute extends Problems {
  readonly value: NativeValue | undefined
}

const maximumPartitionKeyBytes = 2048
const maximumSortKeyBytes = 1024
/** No number is longer inside DynamoDB. */
const longestNumber = 21

const none: Problems = { isSure: false, isPossible: false }

/** Joins problems. */
export function join(...problems: readonly Problems[]): Problems {
  return {
    isSure: problems.some(({ isSure }) => isSure),
    isPossible: problems.some(({ isSure, isPossible }) => isSure || isPossible),
  }
}

/** Tells whether a value is a number in any of its JavaScript forms. */
export function isNumber(value: unknown): value is NativeNumber {
  return typeof value === 'number' || typeof value === 'bigint' || Decimal.is(value)
}

/** Names of the attributes of the entity itself that are part of a key of the table or an index. */
export function ownKeyNames(schema: SchemaSpec, entity: EntitySpec): ReadonlySet<string> {
  const own = new Set(namesOf(entity))
  const keys = schema.indexes.flatMap(({ partitionKey, sortKey }) => [...partitionKey, ...sortKey])
  return new Set(['pk', 'sk', ...keys].filter((name) => own.has(name)))
}

function namesOf({ ids, fields, timestamps, version, softDelete }: EntitySpec): readonly string[] {
  const names = [...ids, ...fields].map(({ name }) => name)
  if (timestamps) names.push('createdAt', 'updatedAt')
  if (version) names.push('version')
  return softDelete ? [...names, 'deletedAt'] : names
}

/** Key attributes an entity writes beside its own, as they follow from its fields. */
export function madeKeys(
  schema: SchemaSpec,
  entity: EntitySpec,
  fields: Fields,
): Readonly<Record<string, NativeValue>> {
  const keys: Record<string, NativeValue> = {}
  for (const name of Object.keys(entity.templates)) {
    const { value } = madeKey(schema, entity, name, fields)
    if (value !== undefined) keys[name] = value
  }
  return keys
}

/** What of the given made keys cannot be, with these fields. */
export function madeKeyProblems(
  schema: SchemaSpec,
  entity: EntitySpec,
  names: Iterable<string>,
  fields: Fields,
): Problems {
  return join(none, ...Array.from(names, (name) => madeKey(schema, entity, name, fields)))
}

function madeKey(schema: SchemaSpec, entity: EntitySpec, name: string, fields: Fields): KeyAttribute {
  const parts = entity.templates[name] ?? []
  const type = schema.types[name] ?? 'string'
  const given = parts.flatMap((part) => (typeof part === 'string' ? [] : [part]))
  const isMissing = given.some(({ field }) => fields[field] === undefined)
  const [only] = given
  const isCopy = parts.length === 1 && only?.width === undefined
  const wrong = given.some((part) => {
    const value = fields[part.field]
    return value !== undefined && !(isCopy ? isCopied(value, schema) : isWritten(value, part, schema))
  })
  if (isMissing) return { value: undefined, isSure: false, isPossible: wrong }
  if (wrong) return { value: undefined, isSure: true, isPossible: true }
  const value = isCopy && only ? fields[only.field] : parts.map((part) => write(part, fields)).join('')
  return { value, ...ownKeyProblem(schema, name, type, value) }
}

function isCopied(value: NativeValue, { separator }: SchemaSpec): boolean {
  return typeof value !== 'string' || !value.includes(separator)
}

function isWritten(
  value: NativeValue,
  { width }: Exclude<TemplatePart, string>,
  { separator }: SchemaSpec,
): boolean {
  if (width !== undefined) {
    if (!isNumber(value)) return false
    const [whole = ''] = numberText(value).split('.')
    return !whole.startsWith('-') && whole.length <= width
  }
  if (typeof value === 'string') return !value.includes(separator)
  return isNumber(value) || typeof value === 'boolean'
}

function write(part: TemplatePart, fields: Fields): string {
  if (typeof part === 'string') return part
  const value = fields[part.field]
  if (!isNumber(value)) return typeof value === 'boolean' ? String(value) : (value as string)
  const [whole = '', fraction] = numberText(value).split('.')
  const padded = whole.padStart(part.width ?? 0, '0')
  return fraction === undefined ? padded : `${padded}.${fraction}`
}

/** Whether a value can be that of a key attribute. */
export function ownKeyProblem(
  schema: SchemaSpec,
  name: string,
  type: KeyType,
  value: NativeValue | undefined,
): Problems {
  if (value === undefined) return none
  const wrong = { isSure: true, isPossible: true }
  if (isNumber(value)) return type === 'number' ? none : wrong
  if (typeof value !== 'string' && !(value instanceof Uint8Array)) return wrong
  if (type !== (typeof value === 'string' ? 'string' : 'binary')) return wrong
  const bytes = Buffer.byteLength(value)
  return bytes === 0 || bytes > limitOf(schema, name) ? wrong : none
}

function limitOf({ indexes }: SchemaSpec, name: string): number {
  const isSortKey = name === 'sk' || indexes.some(({ sortKey }) => sortKey.includes(name))
  return isSortKey ? maximumSortKeyBytes : maximumPartitionKeyBytes
}

/** Whether the attributes of a multi-attribute key are too long together. */
export function sharedKeyProblem(schema: SchemaSpec, entity: EntitySpec, stored: Fields): Problems {
  const own = new Set([...namesOf(entity), ...Object.keys(entity.templates)])
  return join(
    none,
    ...schema.indexes.flatMap(({ partitionKey, sortKey }) => {
      const isTaken = [...partitionKey, ...sortKey].every((name) => own.has(name))
      return [
        tooLong(partitionKey, stored, maximumPartitionKeyBytes, isTaken),
        tooLong(sortKey, stored, maximumSortKeyBytes, isTaken),
      ]
    }),
  )
}

function tooLong(names: readonly string[], stored: Fields, limit: number, isTaken: boolean): Problems {
  if (names.length < 2) return none
  const values = names.map((name) => stored[name])
  const bytes = values.map((value) =>
    typeof value === 'string' || value instanceof Uint8Array ? Buffer.byteLength(value) : 0,
  )
  const sum = bytes.reduce((total, length) => total + length, 0)
  const most = sum + values.filter(isNumber).length * longestNumber
  return { isSure: isTaken && sum > limit, isPossible: most > limit }
}
