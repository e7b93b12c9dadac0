import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { isNativeNumber } from '../codec/native-types.ts'
import type { NativeItem, NativeValue } from '../codec/native-value.ts'
import { decodeNumber } from '../codec/number.ts'
import { InvalidCursorError } from '../errors/request-errors.ts'
import type { Condition } from '../expressions/condition.ts'
import type { PlannedRead } from '../planner/plan-request.ts'

/**
 * Where a query goes on: opaque, safe in URLs, and valid only for the query that made it.
 */
export type Cursor = string

const version = 1
const shapeBytes = 9
const signatureBytes = 16

type KeyEntry = readonly [type: 'S' | 'N' | 'B', text: string]
type Payload = readonly [version: number, shape: string, key: Readonly<Record<string, KeyEntry>>]

/**
 * Makes the cursor that goes on after a stored item.
 *
 * @param planned - The plan that read the item.
 * @param item - The stored item, or its key as DynamoDB reports it.
 * @param secret - Key to sign with, if cursors are signed.
 * @returns The cursor.
 * @internal
 */
export function encodeCursor(planned: PlannedRead, item: NativeItem, secret: string | undefined): Cursor {
  const key: Record<string, KeyEntry> = {}
  for (const name of planned.cursorAttributes) {
    const value = item[name]
    if (value !== undefined) key[name] = encodeKeyValue(value)
  }
  const payload: Payload = [version, shapeOf(planned), key]
  const text = Buffer.from(JSON.stringify(payload)).toString('base64url')
  return secret === undefined ? text : `${text}.${sign(text, secret)}`
}

/**
 * Reads a cursor.
 *
 * @param planned - The plan it is to be used with.
 * @param cursor - The cursor.
 * @param secret - Key it must be signed with, if cursors are signed.
 * @returns The key after which to go on.
 * @throws InvalidCursorError when it is damaged, not signed as it must be, or of another query.
 * @internal
 */
export function decodeCursor(planned: PlannedRead, cursor: Cursor, secret: string | undefined): NativeItem {
  const [, shape, key] = parse(cursor, secret)
  const { tableName } = planned.plan
  if (shape !== shapeOf(planned)) {
    throw new InvalidCursorError(
      'The cursor belongs to another query: table, index, order, conditions and operators must be the same (values may differ).',
      { tableName },
    )
  }
  const names = Object.keys(key)
  if (
    names.length !== planned.cursorAttributes.length ||
    !planned.cursorAttributes.every((name) => Object.hasOwn(key, name))
  ) {
    throw new InvalidCursorError('The cursor has other key attributes than the table and index have now.', {
      tableName,
    })
  }
  return Object.fromEntries(names.map((name) => [name, decodeKeyValue(key[name] as KeyEntry)]))
}

function encodeKeyValue(value: NativeValue): KeyEntry {
  if (typeof value === 'string') return ['S', value]
  if (isNativeNumber(value)) return ['N', value.toString()]
  return ['B', Buffer.from(value as Uint8Array).toString('base64')]
}

function decodeKeyValue([type, text]: KeyEntry): NativeValue {
  if (type === 'S') return text
  return type === 'N' ? decodeNumber(text, 'exact') : new Uint8Array(Buffer.from(text, 'base64'))
}

function parse(cursor: Cursor, secret: string | undefined): Payload {
  const [text = '', signature, ...more] = cursor.split('.')
  if (secret !== undefined && !isSigned(text, signature, secret)) {
    throw new InvalidCursorError(
      "The cursor is not signed with the adapter's cursorSecret; it was made elsewhere or changed.",
    )
  }
  const payload = more.length === 0 ? readPayload(text) : undefined
  if (isPayload(payload)) return payload
  throw new InvalidCursorError(
    'This is not a cursor of this version of dynakit; it is damaged or comes from elsewhere.',
  )
}

function readPayload(text: string): unknown {
  const bytes = Buffer.from(text, 'base64url')
  // Decoding skips characters that do not belong there.
  if (bytes.toString('base64url') !== text) return undefined
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

function isPayload(value: unknown): value is Payload {
  if (!Array.isArray(value) || value[0] !== version || typeof value[1] !== 'string') return false
  const key: unknown = value[2]
  if (typeof key !== 'object' || key === null || Array.isArray(key)) return false
  return Object.values(key).every(
    (entry) =>
      Array.isArray(entry) && ['S', 'N', 'B'].includes(entry[0] as string) && typeof entry[1] === 'string',
  )
}

function sign(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest().subarray(0, signatureBytes).toString('base64url')
}

function isSigned(text: string, signature: string | undefined, secret: string): boolean {
  const expected = Buffer.from(sign(text, secret))
  const given = Buffer.from(signature ?? '')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/* ---- shape: what must be the same for a cursor to be valid; changing this text invalidates old cursors ---- */

const shapes = new WeakMap<PlannedRead, string>()

function shapeOf(planned: PlannedRead): string {
  let shape = shapes.get(planned)
  if (shape === undefined) {
    shape = createHash('sha256')
      .update(shapeText(planned))
      .digest()
      .subarray(0, shapeBytes)
      .toString('base64url')
    shapes.set(planned, shape)
  }
  return shape
}

function shapeText({ plan, residual }: PlannedRead): string {
  const parts = [plan.operation, plan.tableName]
  if (plan.operation === 'Query' || plan.operation === 'Scan') {
    parts.push(plan.indexName ?? '', conditionText(plan.filter), conditionText(residual))
  }
  if (plan.operation === 'Query')
    parts.push(conditionText(plan.keyCondition), plan.ascending ? 'asc' : 'desc')
  return parts.join('\n')
}

/** A condition without its values; the order of the members of a group does not matter. */
function conditionText(condition: Condition | undefined): string {
  if (!condition) return ''
  switch (condition.type) {
    case 'not':
      return `not(${conditionText(condition.condition)})`
    case 'and':
    case 'or':
      return `${condition.type}(${condition.conditions.map(conditionText).sort().join(',')})`
    case 'field': {
      const others = condition.operands.flatMap((operand) =>
        'attribute' in operand ? [operand.attribute.text] : [],
      )
      return [condition.operator, condition.path.text, ...others].join(' ')
    }
  }
}
