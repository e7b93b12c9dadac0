import { canonical } from './compare-answers.ts'
import type { Answer } from './oracle.ts'
import type { Request } from './random-requests.ts'

/** A difference in which DynamoDB Local is known to be wrong, or only its order of checks is another. */
export interface KnownDifference {
  readonly name: string
  /** What proves our side. */
  readonly proof: string
  applies(request: Request, ours: Answer, theirs: Answer): boolean
}

const writes: ReadonlySet<string> = new Set(['PutItem', 'UpdateItem', 'DeleteItem'])

/** Where the two may differ. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    name: 'DeleteItem reports capacity nobody asked for',
    proof:
      'API Reference, DeleteItem, ConsumedCapacity: "is only returned if the ReturnConsumedCapacity parameter was specified".',
    applies: (request, ours, theirs) =>
      request.operation === 'DeleteItem' &&
      (request.input.ReturnConsumedCapacity ?? 'NONE') === 'NONE' &&
      canonical(request, ours) === canonical(request, withoutCapacity(theirs)),
  },
  {
    name: 'a write is charged for an index that holds the item neither before nor after',
    proof:
      'Developer Guide, Using Global Secondary Indexes, Write Capacity Units: "If the index did not hold the item ' +
      'before or after, there is no additional write cost for the index." (indexes with a sort key that is missing)',
    applies: (request, ours, theirs) =>
      writes.has(request.operation) &&
      canonical(request, withoutCapacity(ours)) === canonical(request, withoutCapacity(theirs)) &&
      capacity(ours) < capacity(theirs),
  },
  {
    name: 'what an update may do is checked after its condition',
    proof:
      'The request is refused either way; DynamoDB checks a request before it reads the item a condition needs.',
    applies: ({ operation }, { error: our }, { error: their }) =>
      operation === 'UpdateItem' &&
      our?.name === 'ValidationException' &&
      their?.name === 'ConditionalCheckFailedException' &&
      /(?:ADD|DELETE) action|Type mismatch for Index Key|must be scalars|Cannot update attribute/.test(
        our.message,
      ),
  },
  {
    name: 'faults of an action are no cancellation reasons',
    proof:
      'API Reference, TransactWriteItems and TransactGetItems, Cancellation Reasons: "Validation Error: Code: ' +
      'ValidationError".',
    applies: ({ operation }, { error: our }, { error: their }) =>
      operation.startsWith('Transact') &&
      our?.name === 'TransactionCanceledException' &&
      their?.name === 'ValidationException',
  },
  {
    name: 'an update may give a local index a key of the wrong type',
    proof:
      'Developer Guide, Local Secondary Indexes, Item Writes: "the data type ... must match the data type in the key ' +
      'schema definition", as PutItem has it on both engines.',
    applies: ({ operation, input }, { error: our }, { output }) =>
      (operation === 'UpdateItem' || JSON.stringify(input).includes('"Update":')) &&
      output !== undefined &&
      /Type mismatch for Index Key .* IndexName: local|ValidationError/.test(our?.message ?? ''),
  },
  {
    name: 'the filter of a scan sees attributes the index does not hold',
    proof:
      'Developer Guide, Using Global Secondary Indexes, Attribute Projections: "Only the attributes projected into ' +
      'the index can be returned or filtered"; a Query of DynamoDB Local refuses such a filter.',
    applies: ({ operation, input }, ours, theirs) =>
      operation === 'Scan' &&
      input.IndexName !== undefined &&
      (input.FilterExpression ?? input.ScanFilter) !== undefined &&
      ours.output?.ScannedCount === theirs.output?.ScannedCount,
  },
  {
    name: 'what if_not_exists does not need has to exist',
    proof:
      'Developer Guide, Update expressions, if_not_exists: "evaluates to value" only "if the item does not contain ' +
      'an attribute at the specified path".',
    applies: ({ input }, ours, { error: their }) =>
      ours.output !== undefined &&
      JSON.stringify(input).includes('if_not_exists') &&
      their?.message === 'The provided expression refers to an attribute that does not exist in the item',
  },
  {
    name: 'a transaction checks its conditions before it looks for items it names twice',
    proof:
      'API Reference, TransactWriteItems: "There cannot be two operations on the same item": a fault of the request.',
    applies: ({ operation }, { error: our }, { error: their }) =>
      operation.startsWith('Transact') &&
      our?.message === 'Transaction request cannot include multiple operations on one item' &&
      their?.name === 'TransactionCanceledException',
  },
  {
    name: 'a condition check may look inside of key attributes',
    proof: 'Put, Update and Delete of the same transaction may not, on either engine.',
    applies: ({ operation, input }, { error: our }, { output }) =>
      operation === 'TransactWriteItems' &&
      JSON.stringify(input).includes('"ConditionCheck"') &&
      our?.name === 'TransactionCanceledException' &&
      our.message.includes('ValidationError') &&
      output !== undefined,
  },
  {
    name: 'a page that ends on the upper bound of the query is the last',
    proof:
      'API Reference, Query, LastEvaluatedKey: "if LastEvaluatedKey is not empty, it does not necessarily mean that ' +
      'there is more data in the result set".',
    applies: (request, ours, theirs) =>
      request.operation === 'Query' &&
      request.input.Limit !== undefined &&
      Number(ours.output?.Pages) === Number(theirs.output?.Pages) + 1 &&
      canonical(request, withoutPages(ours)) === canonical(request, withoutPages(theirs)),
  },
  {
    name: 'keys of a transaction are checked before its expressions',
    proof: 'The request is refused either way.',
    applies: ({ operation }, { error: our }, { error: their }) =>
      operation.startsWith('Transact') &&
      our?.name === 'ValidationException' &&
      their?.name === 'TransactionCanceledException',
  },
]

function withoutPages(answer: Answer): Answer {
  if (answer.output === undefined) return answer
  const { Pages: _pages, ...output } = answer.output
  return { output }
}

function withoutCapacity(answer: Answer): Answer {
  if (answer.output === undefined) return answer
  const { ConsumedCapacity: _capacity, ...output } = answer.output
  return { output }
}

function capacity({ output }: Answer): number {
  return (output?.ConsumedCapacity as { CapacityUnits?: number } | undefined)?.CapacityUnits ?? 0
}
