import { canonical } from './compare-answers.ts'
import type { Answer } from './oracle.ts'
import type { Request } from './random-requests.ts'

/** A difference in which DynamoDB Local is taken to be wrong, or only its order of checks is another. */
export interface KnownDifference {
  readonly name: string
  /** Why we answer as we do. */
  readonly reason: string
  /** Whether AWS's documentation says so; what is assumed is still to be compared with DynamoDB itself. */
  readonly basis: 'documented' | 'assumed'
  applies(request: Request, ours: Answer, theirs: Answer): boolean
}

const writes: ReadonlySet<string> = new Set(['PutItem', 'UpdateItem', 'DeleteItem'])

/** Where the two may differ. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    name: 'DeleteItem reports capacity nobody asked for',
    basis: 'documented',
    reason:
      'API Reference, DeleteItem: ConsumedCapacity is only returned if ReturnConsumedCapacity was specified.',
    applies: (request, ours, theirs) =>
      request.operation === 'DeleteItem' &&
      (request.input.ReturnConsumedCapacity ?? 'NONE') === 'NONE' &&
      canonical(request, ours) === canonical(request, withoutCapacity(theirs)),
  },
  {
    name: 'a write is charged for an index that holds the item neither before nor after',
    basis: 'assumed',
    reason: 'Nothing is written to the index, which lacks the item for want of one of its key attributes.',
    applies: (request, ours, theirs) =>
      writes.has(request.operation) &&
      canonical(request, withoutCapacity(ours)) === canonical(request, withoutCapacity(theirs)) &&
      capacity(ours) < capacity(theirs),
  },
  {
    name: 'what an update may do is checked after its condition',
    basis: 'assumed',
    reason:
      'What is wrong with the request itself is taken to be found before the item is read. It is refused either way.',
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
    basis: 'documented',
    reason:
      'API Reference, TransactionCanceledException: ValidationError is one of the cancellation reasons, with such messages.',
    applies: ({ operation }, { error: our }, { error: their }) =>
      operation.startsWith('Transact') &&
      our?.name === 'TransactionCanceledException' &&
      their?.name === 'ValidationException',
  },
  {
    name: 'an update may give a local index a key of the wrong type',
    basis: 'documented',
    reason:
      'API Reference, UpdateItem: the type of an attribute that is an index key must match the one defined, for any index.',
    applies: ({ operation, input }, { error: our }, { output }) =>
      (operation === 'UpdateItem' || JSON.stringify(input).includes('"Update":')) &&
      output !== undefined &&
      /Type mismatch for Index Key .* IndexName: local|key to unsupported type|ValidationError/.test(
        our?.message ?? '',
      ),
  },
  {
    name: 'the filter of a scan sees attributes the index does not hold',
    basis: 'assumed',
    reason: 'An index has only what is projected into it; a Query of DynamoDB Local refuses such a filter.',
    applies: ({ operation, input }, ours, theirs) =>
      operation === 'Scan' &&
      input.IndexName !== undefined &&
      (input.FilterExpression ?? input.ScanFilter) !== undefined &&
      ours.output?.ScannedCount === theirs.output?.ScannedCount,
  },
  {
    name: 'what if_not_exists does not need has to exist',
    basis: 'assumed',
    reason: 'The second operand is taken to be looked at only when the first path leads nowhere.',
    applies: ({ input }, ours, { error: their }) =>
      ours.output !== undefined &&
      JSON.stringify(input).includes('if_not_exists') &&
      their?.message === 'The provided expression refers to an attribute that does not exist in the item',
  },
  {
    name: 'a transaction checks its conditions before it looks for items it names twice',
    basis: 'documented',
    reason:
      'API Reference, TransactWriteItems: no two actions can target the same item, whatever their conditions.',
    applies: ({ operation }, { error: our }, { error: their }) =>
      operation.startsWith('Transact') &&
      our?.message === 'Transaction request cannot include multiple operations on one item' &&
      their?.name === 'TransactionCanceledException',
  },
  {
    name: 'a condition check may look inside of key attributes',
    basis: 'assumed',
    reason: 'Put, Update and Delete of the same transaction may not, on either engine.',
    applies: ({ operation, input }, { error: our }, { output }) =>
      operation === 'TransactWriteItems' &&
      JSON.stringify(input).includes('"ConditionCheck"') &&
      our?.name === 'TransactionCanceledException' &&
      our.message.includes('ValidationError') &&
      output !== undefined,
  },
  {
    name: 'a page that ends on the upper bound of the query is the last',
    basis: 'assumed',
    reason: 'A page that is ended by its limit is taken to name its last key, whether or not more follows.',
    applies: (request, ours, theirs) =>
      request.operation === 'Query' &&
      request.input.Limit !== undefined &&
      Number(ours.output?.Pages) === Number(theirs.output?.Pages) + 1 &&
      canonical(request, withoutPages(ours)) === canonical(request, withoutPages(theirs)),
  },
  {
    name: 'keys of a transaction are checked before its expressions',
    basis: 'assumed',
    reason: 'Expressions are taken to be read before the tables. The request is refused either way.',
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
