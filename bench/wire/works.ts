import type { Contestant, SeenFields, Target } from './contestant.ts'
import { avatarLength, latitude, makeUsers, pageSizes, scoreCount, type UserKey } from './items.ts'

/**
 * What is measured. `warmUp` is a number of operations: the AWS SDK needs some ten thousand until all its
 * code is compiled, and a slower contestant must not be measured earlier in its life than a faster one.
 */
export const works = {
  get: { label: 'GetItem 1 KB', inFlight: 1, warmUp: 10_000 },
  put: { label: 'PutItem 1 KB', inFlight: 1, warmUp: 5000 },
  query100: { label: 'Query 100 items', inFlight: 1, warmUp: 1500 },
  queryMegabyte: { label: 'Query 1 MB', inFlight: 1, warmUp: 150 },
  batchWrite: { label: 'BatchWrite 25', inFlight: 1, warmUp: 1500 },
  batchGet: { label: 'BatchGet 100', inFlight: 1, warmUp: 1000 },
  getInFlight: { label: 'GetItem, 32 in flight', inFlight: 32, warmUp: 3000 },
  putInFlight: { label: 'PutItem, 32 in flight', inFlight: 32, warmUp: 3000 },
} as const

export type WorkName = keyof typeof works
export const workNames = Object.keys(works) as readonly WorkName[]

/** One operation; the number counts the operations of a run. */
type Operation = (turn: number) => Promise<void>

const users = makeUsers('hundred')
const batches = [0, 1, 2, 3].map((at) => users.slice(at * 25, at * 25 + 25))
const places = new Map(users.map((user, at) => [user.id, at]))
const keys: readonly UserKey[] = users.map(({ tenant, id }) => ({ tenant, id }))
/** The one user the stub answers GetItem with. */
const known: UserKey = { tenant: 'hundred', id: users[1]?.id ?? '' }

/** What each file in `contestants/` exports as `connect`. */
export type Connect = (target: Target) => Operations | Promise<Operations>
export type Operations = Readonly<Record<WorkName, Operation>>

/** The work a contestant is measured with; every answer is checked. */
export function operationsOf<Item>(contestant: Contestant<Item>): Operations {
  const { look } = contestant
  const get = async (): Promise<void> => {
    const item = await contestant.get(known)
    if (item === undefined) throw new Error('get: no item')
    check(look(item), known.id)
  }
  const put = async (turn: number): Promise<void> => {
    await contestant.put(at(users, turn))
  }
  return {
    get,
    put,
    query100: async () => {
      checkPage(await contestant.query('hundred'), pageSizes.hundred, look)
    },
    queryMegabyte: async () => {
      checkPage(await contestant.query('megabyte'), pageSizes.megabyte, look)
    },
    batchWrite: async (turn) => {
      await contestant.batchWrite(at(batches, turn))
    },
    batchGet: async () => {
      checkPage(await contestant.batchGet(keys), keys.length, look)
    },
    getInFlight: get,
    putInFlight: put,
  }
}

function at<Value>(values: readonly Value[], turn: number): Value {
  return values[turn % values.length] as Value
}

function checkPage<Item>(
  items: readonly (Item | undefined)[],
  count: number,
  look: (item: Item) => SeenFields,
): void {
  if (items.length !== count) throw new Error(`${String(items.length)} items, not ${String(count)}`)
  for (const item of [items[0], items[count >> 1], items[count - 1]]) {
    if (item === undefined) throw new Error('an item is missing')
    const seen = look(item)
    check(seen, seen.id)
  }
}

function check(seen: SeenFields, id: string): void {
  // Users beyond the hundred are in the larger page only, numbered the same way.
  const place = places.get(id) ?? Number(id.slice(4))
  const isRight =
    seen.id === id &&
    seen.email === `ada.${String(place)}@example.com` &&
    seen.latitude === latitude(place) &&
    seen.scoreCount === scoreCount &&
    seen.avatarLength === avatarLength
  if (!isRight) throw new Error(`a wrong item: ${JSON.stringify(seen)}`)
}
