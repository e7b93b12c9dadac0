import { itemSize, maximumItemBytes } from '../codec/item-size.ts'
import type { NativeItem, NativeValue } from '../codec/native-value.ts'
import { UniqueConstraintError } from '../errors/item-errors.ts'
import { ValidationError } from '../errors/request-errors.ts'
import type { Condition } from '../expressions/condition.ts'
import { maximumTransactionParts, type TransactionWrite } from '../operations/write/transact-write-items.ts'
import { keyShapeLike } from './key-shape.ts'
import { keyText } from './key-text.ts'
import { atOperation, describeOperation, type OperationPlace, placeOf } from './operation-place.ts'
import { claimMarker, type MarkerOwner, releaseMarker, type UniqueMarker } from './unique-markers.ts'

/** A write of a transaction, and the markers of unique fields that change with it. */
export interface PlannedOperation extends OperationPlace {
  /** The stored key; `undefined` where the key attributes of a table are not known. */
  readonly key: NativeItem | undefined
  readonly write: TransactionWrite
  readonly claims: readonly UniqueMarker[]
  readonly releases: readonly UniqueMarker[]
  /** When the item expires afterwards. */
  readonly expiresAt: NativeValue | undefined
  readonly now: Date
}

/** What one part of the request is there for. */
export interface PartOrigin {
  /** Place of its operation in the list that was planned. */
  readonly at: number
  readonly role: 'write' | 'claim' | 'release'
  readonly marker: UniqueMarker | undefined
}

/** The parts of the request, and where each comes from. */
export interface PlannedTransaction {
  readonly writes: readonly TransactionWrite[]
  readonly origins: readonly PartOrigin[]
}

/** Most bytes DynamoDB takes in one transaction. */
export const maximumTransactionBytes: number = 4 * 1024 * 1024

/**
 * Puts the writes of a transaction together with their markers, and checks what DynamoDB would refuse.
 *
 * @param operations - The planned operations, in their order.
 * @returns The parts: first the writes in their order, then the markers.
 * @throws ValidationError when there are too many or too large parts, or two of the same item;
 *   UniqueConstraintError when two items would get the same unique fields.
 * @internal
 */
export function planTransaction(operations: readonly PlannedOperation[]): PlannedTransaction {
  checkItemsDiffer(operations)
  const markers = planMarkers(operations)
  const writes = [...operations.map(({ write }) => write), ...markers.map(({ write }) => write)]
  checkCount(operations.length, markers.length)
  checkSize(operations, markers)
  return {
    writes,
    origins: [
      ...operations.map((_, at): PartOrigin => ({ at, role: 'write', marker: undefined })),
      ...markers.map(({ origin }) => origin),
    ],
  }
}

function checkItemsDiffer(operations: readonly PlannedOperation[]): void {
  const seen = new Map<string, PlannedOperation>()
  for (const operation of operations) {
    const text = itemText(operation)
    if (text === undefined) continue
    const other = seen.get(text)
    if (other) throw sameItem(operation, other)
    seen.set(text, operation)
  }
}

/**
 * Text that is equal for operations on the same item, whether through an entity or an untyped table.
 *
 * @returns `undefined` where the key is not known.
 * @internal
 */
export function itemText({
  tableName,
  key,
}: Pick<PlannedOperation, 'tableName' | 'key'>): string | undefined {
  return key && keyText(keyShapeLike(tableName, key), key, 'exact')
}

function sameItem(operation: PlannedOperation, other: PlannedOperation): ValidationError {
  return new ValidationError(
    `${placeOf(operation)} (${describeOperation(operation)}): it is of the same item as ${placeOf(other)} (${describeOperation(other)}), and a transaction takes one operation per item. ` +
      'Join them into one; conditions can be given with any of them.',
    { rule: 'transaction-duplicate', field: placeOf(operation), tableName: operation.tableName },
  )
}

interface PlannedMarker {
  readonly write: TransactionWrite
  readonly origin: PartOrigin
}

interface Claim {
  readonly at: number
  readonly marker: UniqueMarker
  readonly owner: MarkerOwner
}

/** A value that one item gives up and another one takes is one part: its marker changes hands. */
function planMarkers(operations: readonly PlannedOperation[]): readonly PlannedMarker[] {
  const claims = collectClaims(operations)
  const handed = new Map<string, Condition>()
  const released: PlannedMarker[] = []
  for (const [at, operation] of operations.entries()) {
    for (const marker of operation.releases) {
      const write = releaseMarker(ownerOf(operation), marker)
      const text = markerText(operation, marker)
      if (claims.has(text)) handed.set(text, write.condition as Condition)
      else released.push({ write, origin: { at, role: 'release', marker } })
    }
  }
  const claimed = [...claims].map(([text, { at, marker, owner }]): PlannedMarker => {
    const write = claimMarker(owner, marker)
    const condition = anyOf(write.condition as Condition, handed.get(text))
    return { write: { ...write, condition }, origin: { at, role: 'claim', marker } }
  })
  return [...claimed, ...released]
}

function collectClaims(operations: readonly PlannedOperation[]): ReadonlyMap<string, Claim> {
  const claims = new Map<string, Claim>()
  for (const [at, operation] of operations.entries()) {
    for (const marker of operation.claims) {
      const text = markerText(operation, marker)
      const other = claims.get(text)
      if (other) throw claimedTwice(operation, operations[other.at] as PlannedOperation, marker)
      claims.set(text, { at, marker, owner: ownerOf(operation) })
    }
  }
  return claims
}

function anyOf(condition: Condition, other: Condition | undefined): Condition {
  if (!other) return condition
  return Object.freeze({ type: 'or', conditions: Object.freeze([condition, other]) })
}

function markerText({ tableName }: OperationPlace, { text }: UniqueMarker): string {
  return `${tableName}\n${text}`
}

function ownerOf({ entity, key, now, expiresAt }: PlannedOperation): MarkerOwner {
  if (!entity || !key) throw new Error('only items of entities have markers')
  return { entity, key, now, expiresAt }
}

function claimedTwice(
  operation: PlannedOperation,
  other: PlannedOperation,
  { constraint }: UniqueMarker,
): UniqueConstraintError {
  return new UniqueConstraintError(
    `${placeOf(operation)} (${describeOperation(operation)}): ${placeOf(other)} gives another item the same unique fields (unique constraint '${constraint}'), nothing was written. Choose another value for one of them.`,
    {
      entity: operation.entity?.name ?? '',
      constraint,
      operation: 'TransactWriteItems',
      tableName: operation.tableName,
    },
  )
}

function checkCount(operations: number, markers: number): void {
  const count = operations + markers
  if (count > maximumTransactionParts) throw tooMany(operations, markers)
}

/**
 * Makes the error of a transaction with more parts than DynamoDB takes.
 *
 * @internal
 */
export function tooMany(operations: number, markers: number): ValidationError {
  const extra = markers === 0 ? '' : ` and ${String(markers)} markers of unique fields`
  return new ValidationError(
    `operations: the transaction has ${String(operations)} operations${extra}, and DynamoDB takes at most ${String(maximumTransactionParts)} in one. ` +
      'Make several transactions, or call executeNonAtomically(), which does and is not atomic as a whole.',
    { rule: 'transaction-count', field: 'operations' },
  )
}

function checkSize(operations: readonly PlannedOperation[], markers: readonly PlannedMarker[]): void {
  let bytes = 0
  for (const operation of operations) bytes += operationBytes(operation)
  for (const { write } of markers) bytes += itemSize(itemOrKey(write)).bytes
  if (bytes <= maximumTransactionBytes) return
  throw new ValidationError(
    `operations: the items of the transaction have ${String(bytes)} bytes, and DynamoDB takes at most ${String(maximumTransactionBytes)} in one. ` +
      'Make several transactions, or call executeNonAtomically(), which does and is not atomic as a whole.',
    { rule: 'transaction-size', field: 'operations' },
  )
}

/**
 * Counts the bytes of what an operation writes, as far as that is known.
 *
 * @throws ValidationError, with its position, for a value that cannot be stored and an item that is too large.
 * @internal
 */
export function operationBytes(operation: PlannedOperation): number {
  try {
    const { bytes } = itemSize(itemOrKey(operation.write))
    if (bytes <= maximumItemBytes) return bytes
    throw new ValidationError(
      `the item has ${String(bytes)} bytes, and DynamoDB stores at most ${String(maximumItemBytes)}. Split it, or keep large values elsewhere.`,
      { rule: 'item-size' },
    )
  } catch (error) {
    throw atOperation(error, operation)
  }
}

function itemOrKey(write: TransactionWrite): NativeItem {
  return write.operation === 'PutItem' ? write.item : write.key
}
