import { returnConsumedCapacity } from '../capacity/consumed-capacity.ts'
import type { OperationContext } from '../engine/operation-context.ts'
import { returnValuesOnFailure } from '../items/item-shapes.ts'
import { checkParameters } from '../partiql/check-parameters.ts'
import { pickColumns } from '../partiql/columns.ts'
import { readStatement, statementParameters, statementText } from '../partiql/read-statement.ts'
import { selectedKey } from '../partiql/run-single-select.ts'
import type { ExistsStatement, SelectStatement, Statement, WriteStatement } from '../partiql/statement.ts'
import { statementAction } from '../partiql/statement-action.ts'
import { whereKey } from '../partiql/where-key.ts'
import { ServiceError, validationError } from '../protocol/service-error.ts'
import { findTable } from '../tables/find-table.ts'
import type { TableDefinition } from '../tables/table-definition.ts'
import { locateAction } from '../transactions/action-effect.ts'
import { forEachAction, type CancellationReason } from '../transactions/cancellation.ts'
import { keyReason } from '../transactions/key-reason.ts'
import { runReadTransaction } from '../transactions/run-read-transaction.ts'
import { runWriteRequest } from '../transactions/run-write-request.ts'
import { transactionCapacity } from '../transactions/transaction-capacity.ts'
import { readInput } from '../validation/read-input.ts'
import { list, required, string, structure, type TypeOf } from '../validation/shape.ts'
import type { Item } from '../values/attribute-value.ts'

const transactStatement = structure(
  {
    Statement: required(statementText),
    Parameters: statementParameters,
    ReturnValuesOnConditionCheckFailure: returnValuesOnFailure,
  },
  'ParameterizedStatement',
)

const shape = structure({
  TransactStatements: required(list(transactStatement, { minimum: 1, maximum: 100 })),
  ClientRequestToken: string({ minimum: 1, maximum: 36 }),
  ReturnConsumedCapacity: returnConsumedCapacity,
})

type Request = TypeOf<typeof shape>

/**
 * Carries out up to 100 PartiQL statements, all or none.
 *
 * @internal
 */
export function executeTransaction(
  context: OperationContext,
  input: Readonly<Record<string, unknown>>,
): object {
  const request = readInput(shape, input)
  const parameters = request.TransactStatements.map(({ Parameters }) => checkParameters(Parameters))
  const statements = request.TransactStatements.map(({ Statement }, index) =>
    inStatement(index, () => readStatement(Statement, parameters[index] ?? [])),
  )
  const reads = statements.filter(isSelect)
  const writes = statements.filter((statement) => !isSelect(statement))
  if (reads.length > 0 && writes.length > 0) {
    throw validationError(
      'ExecuteTransaction API does not support both read and write operations in the same request.',
    )
  }
  return reads.length > 0 ? readAll(context, request, reads) : writeAll(context, request, writes)
}

function isSelect(statement: Statement): statement is SelectStatement {
  return statement.kind === 'select'
}

/** Errors that have nothing to do with items say which statement has them. */
function inStatement<Result>(index: number, run: () => Result): Result {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof ServiceError) || error.name !== 'ValidationException') throw error
    throw validationError(`Validation failed in TransactStatements[${String(index)}]: ${error.message}`)
  }
}

function readAll(
  context: OperationContext,
  request: Request,
  statements: readonly SelectStatement[],
): object {
  const found = checkAll(context, statements, ({ table }) => table, readKey)
  const actions = forEachAction(statements, tableReason, ({ table }, index) => {
    const { name } = findTable(context, table).definition
    return { table: name, key: found[index] ?? {}, paths: undefined }
  })
  const { items, charges } = runReadTransaction(context, actions)
  const responses = items.map((item, index) =>
    item === undefined ? {} : { Item: pickColumns(statements[index]?.columns(), item) },
  )
  return { ...transactionCapacity(request.ReturnConsumedCapacity, charges), Responses: responses }
}

function readKey(statement: SelectStatement, table: TableDefinition): Item {
  if (statement.index !== undefined) {
    throw validationError('Reads on indices are not supported within transactions.')
  }
  const key = selectedKey(statement, table, false)
  if (key !== undefined) return key
  throw validationError(
    'Select statements within ExecuteTransaction must specify the primary key in the where clause.',
  )
}

function writeAll(
  context: OperationContext,
  request: Request,
  statements: readonly (WriteStatement | ExistsStatement)[],
): object {
  checkAll(context, statements, tableOf, checkWrite)
  const actions = forEachAction(statements, tableReason, (statement, index) => {
    const { definition } = findTable(context, tableOf(statement))
    const onFailure = request.TransactStatements[index]?.ReturnValuesOnConditionCheckFailure
    const action = statementAction(statement, definition, { onFailure, isTransaction: true })
    // Keys that do not fit are told of together.
    locateAction(action, definition)
    return action
  })
  const { charges } = runWriteRequest(context, {
    operation: 'ExecuteTransaction',
    token: request.ClientRequestToken,
    content: request.TransactStatements,
    actions,
  })
  return { ...transactionCapacity(request.ReturnConsumedCapacity, charges), Responses: [] }
}

function tableOf(statement: WriteStatement | ExistsStatement): string {
  return statement.kind === 'exists' ? statement.select.table : statement.table
}

function checkWrite(statement: WriteStatement | ExistsStatement, { key }: TableDefinition): void {
  if (statement.kind === 'exists') {
    const { where, index } = statement.select
    if (index === undefined && whereKey(where, key)?.hasMore === true) return
    throw validationError('EXISTS() must contain a single item read with additional condition')
  }
  if (statement.kind !== 'insert' && statement.returning !== undefined) {
    throw validationError('RETURNING clause is not supported in ExecuteTransaction.')
  }
}

/** Checks all statements whose tables exist, before it is said that others do not. */
function checkAll<Checked extends Statement, Result>(
  context: OperationContext,
  statements: readonly Checked[],
  nameOf: (statement: Checked) => string,
  check: (statement: Checked, table: TableDefinition) => Result,
): readonly (Result | undefined)[] {
  return statements.map((statement, index) => {
    const table = existing(context, nameOf(statement))
    return table && inStatement(index, () => check(statement, table))
  })
}

function existing(context: OperationContext, name: string): TableDefinition | undefined {
  try {
    return findTable(context, name).definition
  } catch (error) {
    if (error instanceof ServiceError && error.name === 'ResourceNotFoundException') return undefined
    throw error
  }
}

function tableReason(error: unknown): CancellationReason {
  if (!(error instanceof ServiceError) || error.name !== 'ResourceNotFoundException') {
    return keyReason(error)
  }
  return { Code: 'ResourceNotFound', Message: error.message }
}
