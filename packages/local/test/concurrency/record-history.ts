import { type Call, LostAnswer, ServiceError } from '../../src/index.ts'
import { Random } from '../../src/faults/random.ts'
import type { HistoryOperation } from './check-history.ts'

/** The numbers of a few items; those that are not there have none. */
export type Numbers = Readonly<Record<string, number>>

/** What an operation came to. */
type Outcome =
  | { readonly kind: 'done'; readonly output: Readonly<Record<string, unknown>> }
  /** Its condition was false. */
  | { readonly kind: 'refused' }
  /** It was not carried out. */
  | { readonly kind: 'rejected' }
  /** Nobody knows. */
  | { readonly kind: 'unknown' }

/** A kind of operation: how it is asked for, and what its outcome says of the items. */
interface Step {
  readonly label: string
  readonly operation: string
  readonly input: object
  /** The items afterwards if it was done with this answer; undefined when they do not allow that. */
  readonly done: (items: Numbers, output: Readonly<Record<string, unknown>>) => Numbers | undefined
  /** Whether the items allow that it was refused. */
  readonly refusable: (items: Numbers) => boolean
  readonly changes: boolean
}

const caller = { accessKeyId: 'test', region: 'eu-west-1' }
const names = ['a', 'b', 'c']
const key = (id: string): object => ({ id: { S: id } })
const TableName = 'Numbers'

interface Attributes {
  readonly n: { readonly N: string }
}
const numberIn = (item: unknown): number | undefined =>
  item === undefined ? undefined : Number((item as Attributes).n.N)

function makeStep(random: Random): Step {
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random.next() * values.length)]!
  const [one, other] = pick([
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'a'],
  ] as const)
  const value = Math.floor(random.next() * 4)
  const never = (): boolean => false
  const add = (id: string, amount: number): object => ({
    TableName,
    Key: key(id),
    UpdateExpression: 'ADD n :n',
    ExpressionAttributeValues: { ':n': { N: String(amount) } },
  })
  const added = (items: Numbers, id: string, amount: number): Numbers => ({
    ...items,
    [id]: (items[id] ?? 0) + amount,
  })
  const makers: readonly (() => Step)[] = [
    () => ({
      label: `get ${one}`,
      operation: 'GetItem',
      input: { TableName, Key: key(one), ConsistentRead: true },
      done: (items, { Item }) => (numberIn(Item) === items[one] ? items : undefined),
      refusable: never,
      changes: false,
    }),
    () => ({
      label: `put ${one} ${String(value)}`,
      operation: 'PutItem',
      input: { TableName, Item: { ...key(one), n: { N: String(value) } }, ReturnValues: 'ALL_OLD' },
      done: (items, { Attributes }) =>
        numberIn(Attributes) === items[one] ? { ...items, [one]: value } : undefined,
      refusable: never,
      changes: true,
    }),
    () => ({
      label: `add ${one}`,
      operation: 'UpdateItem',
      input: { ...add(one, 1), ReturnValues: 'UPDATED_NEW' },
      done: (items, { Attributes }) => {
        const after = added(items, one, 1)
        return numberIn(Attributes) === after[one] ? after : undefined
      },
      refusable: never,
      changes: true,
    }),
    () => ({
      label: `put ${one} if it is ${String(value)}`,
      operation: 'PutItem',
      input: {
        TableName,
        Item: { ...key(one), n: { N: '9' } },
        ConditionExpression: 'n = :n',
        ExpressionAttributeValues: { ':n': { N: String(value) } },
      },
      done: (items) => (items[one] === value ? { ...items, [one]: 9 } : undefined),
      refusable: (items) => items[one] !== value,
      changes: true,
    }),
    () => ({
      label: `delete ${one}`,
      operation: 'DeleteItem',
      input: { TableName, Key: key(one) },
      done: ({ [one]: _, ...items }) => items,
      refusable: never,
      changes: true,
    }),
    () => ({
      label: `move from ${one} to ${other}`,
      operation: 'TransactWriteItems',
      input: {
        TransactItems: [
          {
            Update: {
              ...add(one, -1),
              ConditionExpression: 'n >= :least',
              ExpressionAttributeValues: { ':n': { N: '-1' }, ':least': { N: '1' } },
            },
          },
          { Update: add(other, 1) },
        ],
      },
      done: (items) => ((items[one] ?? 0) >= 1 ? added(added(items, one, -1), other, 1) : undefined),
      refusable: (items) => (items[one] ?? 0) < 1,
      changes: true,
    }),
    () => ({
      label: `read ${one} and ${other}`,
      operation: 'TransactGetItems',
      input: { TransactItems: [one, other].map((id) => ({ Get: { TableName, Key: key(id) } })) },
      done: (items, { Responses }) => {
        const [first, second] = (Responses as { Item?: unknown }[]).map(({ Item }) => numberIn(Item))
        return first === items[one] && second === items[other] ? items : undefined
      },
      refusable: never,
      changes: false,
    }),
  ]
  return pick(makers)()
}

async function outcomeOf(call: Call, { operation, input }: Step): Promise<Outcome> {
  try {
    return { kind: 'done', output: (await call(operation, input as never, caller)) as never }
  } catch (error) {
    if (error instanceof LostAnswer) return { kind: 'unknown' }
    if (!(error instanceof ServiceError)) throw error
    if (error.statusCode >= 500) return { kind: 'unknown' }
    const reasons = (error.details.CancellationReasons ?? []) as readonly { Code: string }[]
    const isRefused =
      error.name === 'ConditionalCheckFailedException' ||
      (reasons.some(({ Code }) => Code === 'ConditionalCheckFailed') &&
        reasons.every(({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'None'))
    return { kind: isRefused ? 'refused' : 'rejected' }
  }
}

function explain({ done, refusable, changes }: Step, outcome: Outcome, items: Numbers): Numbers | undefined {
  switch (outcome.kind) {
    case 'done':
      return done(items, outcome.output)
    case 'refused':
      return refusable(items) ? items : undefined
    case 'rejected':
      return items
    case 'unknown':
      return changes && !refusable(items) ? afterUnknown(done, items) : items
  }
}

/** A write nobody knows the answer of leaves what it leaves, whatever it would have answered. */
function afterUnknown(done: Step['done'], items: Numbers): Numbers {
  for (const answer of answers(items)) {
    const after = done(items, answer)
    if (after !== undefined) return after
  }
  return items
}

function* answers(items: Numbers): Generator<Readonly<Record<string, unknown>>, void, undefined> {
  yield {}
  for (const number of Object.values(items)) {
    for (const n of [number, number + 1]) yield { Attributes: { n: { N: String(n) } } }
  }
  yield { Attributes: { n: { N: '1' } } }
}

/** Creates the table that histories are about. */
export async function createNumbers(call: Call): Promise<void> {
  await call(
    'CreateTable',
    {
      TableName,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    },
    caller,
  )
  for (const id of names) {
    await call('PutItem', { TableName, Item: { ...key(id), n: { N: '2' } } }, caller)
  }
}

/** What {@link createNumbers} leaves. */
export const initialNumbers: Numbers = { a: 2, b: 2, c: 2 }

/**
 * Lets several clients use a table at once, and records what each was answered.
 *
 * @param call - The engine.
 * @param seed - Decides what the clients do.
 * @param clients - How many there are.
 * @param steps - How much each does.
 */
export async function recordHistory(
  call: Call,
  seed: number,
  clients: number,
  steps: number,
): Promise<{
  readonly history: readonly HistoryOperation<Numbers>[]
  readonly outcomes: ReadonlyMap<string, number>
}> {
  const history: HistoryOperation<Numbers>[] = []
  const outcomes = new Map<string, number>()
  let place = 0
  const run = async (client: number): Promise<void> => {
    const random = new Random(seed * 100 + client)
    for (let at = 0; at < steps; at += 1) {
      const step = makeStep(random)
      const asked = (place += 1)
      const outcome = await outcomeOf(call, step)
      const answered = outcome.kind === 'unknown' ? Infinity : (place += 1)
      outcomes.set(outcome.kind, (outcomes.get(outcome.kind) ?? 0) + 1)
      // A read that was not answered says nothing.
      if (outcome.kind === 'unknown' && !step.changes) continue
      history.push({
        asked,
        answered,
        label: `${step.label}: ${outcome.kind}`,
        apply: (items) => explain(step, outcome, items),
      })
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, client) => run(client)))
  return { history, outcomes }
}
