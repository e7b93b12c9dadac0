import { consumedCapacities, returnConsumedCapacity } from '../capacity/consumed-capacity.ts'
import type { Charge, OperationContext } from '../engine/operation-context.ts'
import { checkDistinct } from '../items/batch-charges.ts'
import { returnValuesOnFailure } from '../items/item-shapes.ts'
import { checkParameters } from '../partiql/check-parameters.ts'
import {
  misplacedExists,
  readStatement,
  statementParameters,
  statementText,
} from '../partiql/read-statement.ts'
import { placeSelect, runSingleSelect, selectedKey } from '../partiql/run-single-select.ts'
import { placeStatement, runWriteStatement, type AnsweredStatement } from '../partiql/run-write-statement.ts'
import { ServiceError, validationError } from '../protocol/service-error.ts'
import type { ItemPosition } from '../storage/stored-item.ts'
import { findTable } from '../tables/find-table.ts'
import { readInput } from '../validation/read-input.ts'
import { boolean, list, required, structure, type TypeOf } from '../validation/shape.ts'

const batchStatement = structure(
  {
    Statement: required(statementText),
    Parameters: statementParameters,
    ConsistentRead: boolean,
    ReturnValuesOnConditionCheckFailure: returnValuesOnFailure,
  },
  'BatchStatementRequest',
)

const shape = structure({
  Statements: required(list(batchStatement, { minimum: 1, maximum: 25 })),
  ReturnConsumedCapacity: returnConsumedCapacity,
})

type BatchStatement = TypeOf<typeof batchStatement>

/** A statement of a batch that can be carried out. */
interface PlacedMember {
  readonly kind: 'read' | 'write'
  readonly table: string
  readonly position: ItemPosition
  run(): AnsweredStatement
}

/** The codes of errors that are not called as the exceptions are. */
const codes: ReadonlyMap<string, string> = new Map([
  ['ValidationException', 'ValidationError'],
  ['ThrottlingException', 'ThrottlingError'],
])

/**
 * Carries out up to 25 PartiQL statements that read, or as many that write one item each, each by itself.
 *
 * @internal
 */
export function batchExecuteStatement(
  context: OperationContext,
  input: Readonly<Record<string, unknown>>,
): object {
  const request = readInput(shape, input)
  const members = request.Statements.map((statement) => attempt(() => place(context, statement)))
  checkMembers(members.flatMap((member) => (member instanceof ServiceError ? [] : [member])))
  const charges: Charge[] = []
  const responses = members.map((member) => {
    if (member instanceof ServiceError) return { Error: describeError(member) }
    const answer = attempt(() => member.run())
    if (answer instanceof ServiceError) return { Error: describeError(answer), TableName: member.table }
    charges.push(...answer.charges)
    return { TableName: member.table, ...(answer.item !== undefined && { Item: answer.item }) }
  })
  return { Responses: responses, ...consumedCapacities(request.ReturnConsumedCapacity, charges) }
}

function attempt<Result>(run: () => Result): Result | ServiceError {
  try {
    return run()
  } catch (error) {
    if (error instanceof ServiceError) return error
    throw error
  }
}

function place(context: OperationContext, input: BatchStatement): PlacedMember {
  const statement = readStatement(input.Statement, checkParameters(input.Parameters))
  if (statement.kind === 'exists') throw misplacedExists()
  const { definition } = findTable(context, statement.table)
  const { name: table } = definition
  if (statement.kind === 'select') {
    const key = selectedKey(statement, definition, true)
    if (key === undefined) {
      throw validationError(
        'Select statements within BatchExecuteStatement must specify the primary key in the where clause.',
      )
    }
    const placed = placeSelect(statement, definition, key)
    const isConsistent = input.ConsistentRead === true
    const run = (): AnsweredStatement => runSingleSelect(context, definition, placed, isConsistent)
    return { kind: 'read', table, position: placed.position, run }
  }
  const placed = placeStatement(statement, definition, input.ReturnValuesOnConditionCheckFailure)
  const run = (): AnsweredStatement => runWriteStatement(context, findTable(context, table), placed)
  return { kind: 'write', table, position: placed.position, run }
}

function checkMembers(members: readonly PlacedMember[]): void {
  if (new Set(members.map(({ kind }) => kind)).size > 1) {
    throw validationError('Read and write requests together in the same batch is not supported.')
  }
  for (const name of new Set(members.map(({ table }) => table))) {
    checkDistinct(members.filter(({ table }) => table === name).map(({ position }) => position))
  }
}

function describeError({ name, message, details }: ServiceError): object {
  return {
    Code: codes.get(name) ?? name.replace(/Exception$/, ''),
    Message: message,
    ...(details.Item !== undefined && { Item: details.Item }),
  }
}
