import { createHmac, timingSafeEqual } from 'node:crypto'
import { isNativeNumber } from '../codec/native-types.ts'
import type { NativeItem, NativeValue } from '../codec/native-value.ts'
import { decodeNumber } from '../codec/number.ts'
import { InvalidCursorError } from '../errors/request-errors.ts'
import type { PlannedRead } from '../planner/plan-request.ts'
import { planShape } from './plan-shape.ts'
import type { BranchPosition, Position } from './position.ts'

/**
 * Where a query goes on: opaque, safe in URLs, and valid only for the query that made it.
 */
export type Cursor = string

/** Which way a cursor leads; only where a plan has branches does it matter. */
export type CursorDirection = 'after' | 'before'

const versionOfKeys = 1
const versionOfBranches = 2
const signatureBytes = 16
const atStart = 0
const atEnd = 1

type KeyEntry = readonly [type: 'S' | 'N' | 'B', text: string]
type Key = Readonly<Record<string, KeyEntry>>
type BranchEntry = typeof atStart | typeof atEnd | Key
type Payload =
  | readonly [version: typeof versionOfKeys, shape: string, key: Key]
  | readonly [
      version: typeof versionOfBranches,
      shape: string,
      direction: CursorDirection,
      branches: readonly BranchEntry[],
    ]

/**
 * Makes the cursor of a position.
 *
 * @param planned - The plan whose position it is.
 * @param position - The position.
 * @param direction - Whether it leads on (`after`) or back (`before`).
 * @param secret - Key to sign with, if cursors are signed.
 * @returns The cursor.
 * @internal
 */
export function encodeCursor(
  planned: PlannedRead,
  position: Position,
  direction: CursorDirection,
  secret: string | undefined,
): Cursor {
  const text = Buffer.from(JSON.stringify(toPayload(planned, position, direction))).toString('base64url')
  return secret === undefined ? text : `${text}.${sign(text, secret)}`
}

function toPayload(planned: PlannedRead, position: Position, direction: CursorDirection): Payload {
  const shape = planShape(planned)
  if (planned.plan.operation === 'Branches') {
    return [versionOfBranches, shape, direction, position.map((branch) => toEntry(planned, branch))]
  }
  const [key = 'start'] = position
  return [versionOfKeys, shape, typeof key === 'string' ? {} : encodeKey(planned, key)]
}

function toEntry(planned: PlannedRead, position: BranchPosition): BranchEntry {
  if (typeof position !== 'string') return encodeKey(planned, position)
  return position === 'start' ? atStart : atEnd
}

function encodeKey(planned: PlannedRead, item: NativeItem): Key {
  const key: Record<string, KeyEntry> = {}
  for (const name of planned.cursorAttributes) {
    const entry = encodeKeyValue(item[name])
    if (entry) key[name] = entry
  }
  return key
}

/**
 * Reads a cursor.
 *
 * @param planned - The plan it is to be used with.
 * @param cursor - The cursor.
 * @param direction - Which way to go from it.
 * @param secret - Key it must be signed with, if cursors are signed.
 * @returns The position to go on from.
 * @throws InvalidCursorError when it is damaged, not signed as it must be, or of another query.
 * @internal
 */
export function decodeCursor(
  planned: PlannedRead,
  cursor: Cursor,
  direction: CursorDirection,
  secret: string | undefined,
): Position {
  const payload = parse(cursor, secret)
  const { tableName, operation } = planned.plan
  if (
    payload[1] !== planShape(planned) ||
    (payload[0] === versionOfBranches) !== (operation === 'Branches')
  ) {
    throw new InvalidCursorError(
      'The cursor belongs to another query: table, index, order, conditions and operators must be the same (values may differ, where one query is made).',
      { tableName },
    )
  }
  if (payload[0] === versionOfKeys) return [decodeKey(planned, payload[2])]
  const [, , given, branches] = payload
  if (given === direction) return branches.map((entry) => toPosition(planned, entry))
  throw new InvalidCursorError(
    `The cursor is for .${given}(), not for .${direction}(): a query that is made of several has different ones.`,
    { tableName },
  )
}

function toPosition(planned: PlannedRead, entry: BranchEntry): BranchPosition {
  if (entry === atStart) return 'start'
  return entry === atEnd ? 'end' : decodeKey(planned, entry)
}

function decodeKey({ plan, cursorAttributes, sortedBy }: PlannedRead, key: Key): NativeItem {
  const names = Object.keys(key)
  const missing = cursorAttributes.filter((name) => !Object.hasOwn(key, name))
  // Items without the attribute dynakit sorts by have a place in the order, too.
  const isComplete = missing.every((name) => name === sortedBy?.attribute)
  if (names.length !== cursorAttributes.length - missing.length || !isComplete) {
    throw new InvalidCursorError('The cursor has other key attributes than the table and index have now.', {
      tableName: plan.tableName,
    })
  }
  return Object.fromEntries(names.map((name) => [name, decodeKeyValue(key[name] as KeyEntry)]))
}

function encodeKeyValue(value: NativeValue | undefined): KeyEntry | undefined {
  if (typeof value === 'string') return ['S', value]
  if (isNativeNumber(value)) return ['N', value.toString()]
  return value instanceof Uint8Array ? ['B', Buffer.from(value).toString('base64')] : undefined
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
  if (!Array.isArray(value) || typeof value[1] !== 'string') return false
  const [version, , third, fourth] = value as readonly unknown[]
  if (version === versionOfKeys) return isKey(third)
  if (version !== versionOfBranches || (third !== 'after' && third !== 'before')) return false
  return (
    Array.isArray(fourth) && fourth.every((entry) => entry === atStart || entry === atEnd || isKey(entry))
  )
}

function isKey(key: unknown): key is Key {
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
