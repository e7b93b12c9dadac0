import { ValidationError } from '../errors/request-errors.ts'
import type { TransactionOperation } from '../errors/transaction-errors.ts'
import type { CompiledEntity } from '../schema/compiled-entity.ts'

/** What is said of an operation where it must be told from others of its transaction. */
export interface OperationPlace {
  /** Position among the operations that were given, from 0. */
  readonly index: number
  readonly operation: TransactionOperation
  /** `undefined` for an untyped table. */
  readonly entity: CompiledEntity | undefined
  readonly tableName: string
}

/**
 * Names an operation for messages: `update of Order`.
 *
 * @internal
 */
export function describeOperation({ operation, entity, tableName }: OperationPlace): string {
  return `${operation} of ${entity ? entity.name : `table '${tableName}'`}`
}

/**
 * Names the position of an operation: `operations[3]`.
 *
 * @internal
 */
export function placeOf({ index }: OperationPlace): string {
  return `operations[${String(index)}]`
}

/**
 * Puts the position of an operation into an error about it.
 *
 * @internal
 */
export function atOperation(error: unknown, place: OperationPlace): unknown {
  if (!ValidationError.is(error)) return error
  const position = placeOf(place)
  const inside = (path: string | undefined): string =>
    path === undefined || path === '' ? position : `${position}.${path}`
  return new ValidationError(`${position} (${describeOperation(place)}): ${error.message}`, {
    cause: error.cause,
    rule: error.rule,
    field: inside(error.field),
    valueType: error.valueType,
    tableName: place.tableName,
    issues: error.issues.map(({ path, message }) => ({ path: inside(path), message })),
  })
}
