import type { NativeItem } from '../codec/native-value.ts'
import { allOf, type Condition } from '../expressions/condition.ts'
import { evaluate } from '../expressions/evaluate.ts'
import { attributePath } from '../expressions/path.ts'
import type { TransactionWrite } from '../operations/write/transact-write-items.ts'
import { atOperation } from '../planner/operation-place.ts'
import {
  planTransaction,
  type PlannedOperation,
  type PlannedTransaction,
} from '../planner/plan-transaction.ts'
import type { PreparedOperation } from './prepared-operation.ts'

/** What a transaction sends, made from the items as they were read. */
export interface TransactionAttempt extends PlannedTransaction {
  readonly operations: readonly PreparedOperation[]
  /** The stored items that were read, by operation. */
  readonly befores: readonly (NativeItem | undefined)[]
}

/**
 * Plans every operation from the items that were read.
 *
 * @param operations - The operations.
 * @param befores - The stored item of each, as far as it was read.
 * @param foreign - Texts of markers that belong to other items and stay.
 * @throws ValidationError and UniqueConstraintError as {@link planTransaction} does.
 * @internal
 */
export function makeAttempt(
  operations: readonly PreparedOperation[],
  befores: readonly (NativeItem | undefined)[],
  foreign: ReadonlySet<string>,
): TransactionAttempt {
  const planned = operations.map((operation, at) => planOne(operation, befores[at], foreign))
  return { operations, befores, ...planTransaction(planned) }
}

function planOne(
  prepared: PreparedOperation,
  before: NativeItem | undefined,
  foreign: ReadonlySet<string>,
): PlannedOperation {
  try {
    const { write, claims, releases, expiresAt } = prepared.plan(before)
    const { index, operation, entity, tableName, key, now } = prepared
    return {
      ...{ index, operation, entity, tableName, key, now, claims, expiresAt },
      releases: releases.filter(({ text }) => !foreign.has(text)),
      write: withPins(prepared, write, before),
    }
  } catch (error) {
    throw atOperation(error, prepared)
  }
}

function withPins(
  prepared: PreparedOperation,
  write: TransactionWrite,
  before: NativeItem | undefined,
): TransactionWrite {
  const condition = allOf([...(write.condition ? [write.condition] : []), ...pinsOf(prepared, before)])
  const returnItemOnConditionFailure = prepared.needsItem
  return { ...write, condition, returnItemOnConditionFailure } as TransactionWrite
}

/** That the item is still as it was read; also that there is still none. */
function pinsOf(
  { reads, pins, key }: PreparedOperation,
  before: NativeItem | undefined,
): readonly Condition[] {
  if (reads.length === 0) return []
  const missing = before === undefined ? Object.keys(key ?? {}).slice(0, 1) : []
  return [...missing, ...pins].map((name): Condition => {
    const value = before?.[name]
    const path = attributePath(name)
    return value === undefined
      ? { type: 'field', path, operator: 'not_exists', operands: [] }
      : { type: 'field', path, operator: '=', operands: [{ value }] }
  })
}

/**
 * Tells whether an operation failed because its item has changed since it was read, not by its own condition.
 *
 * @param prepared - The operation.
 * @param before - The item as it was read.
 * @param stored - The item as it is now.
 * @internal
 */
export function hasChanged(
  prepared: PreparedOperation,
  before: NativeItem | undefined,
  stored: NativeItem | undefined,
): boolean {
  const now = stored ?? {}
  if (!pinsOf(prepared, before).every((pin) => evaluate(pin, now))) return true
  const { condition } = prepared.plan(before).write
  return condition === undefined || evaluate(condition, now)
}
