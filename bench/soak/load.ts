import type { Repository } from 'dynakit'
import type { UserEntity } from '../wire/contestants/dynakit-user.ts'
import { makeUsers } from '../wire/items.ts'
import type { Gate } from './gate.ts'

/** How the calls of a soak ended. */
export interface Tally {
  done: number
  aborted: number
  timedOut: number
}

type Users = Repository<typeof UserEntity>

const users = makeUsers('hundred')
const batch = users.slice(0, 25)
const keys = users.map(({ tenant, id }) => ({ tenant, id }))
const known = { tenant: 'hundred', id: users[1]?.id ?? '' }
/** The stub answers it 50 ms late. */
const slow = { tenant: 'slow', id: known.id }
const slowness = 50

/** Works until told to stop: mostly small calls, some pages and batches, some that give up. */
export async function work(repository: Users, tally: Tally, gate: Gate, signal: AbortSignal): Promise<void> {
  const isOver = (): boolean => signal.aborted
  for (let turn = 0; !isOver(); turn++) {
    await gate.pass()
    const name = plan[turn % plan.length] ?? 'get'
    try {
      await calls[name](repository, signal, turn)
      tally.done += 1
    } catch (error) {
      if (isOver()) return
      if (!isExpected(error, name)) throw error
      if (name === 'timeout') tally.timedOut += 1
      else tally.aborted += 1
    }
  }
}

/** The signal that ends the soak is passed to most calls: what listens to it must be let go. */
const calls = {
  get: (repository: Users, signal: AbortSignal) => repository.get(known, { signal }),
  put: (repository: Users, signal: AbortSignal, turn: number) =>
    repository.put(users[turn % users.length] as (typeof users)[0], { signal, timeout: 10_000 }),
  query: (repository: Users, signal: AbortSignal) =>
    repository.query().where('tenant', '=', 'hundred').execute({ signal }),
  page: (repository: Users) => repository.query().where('tenant', '=', 'megabyte').execute(),
  putMany: (repository: Users, signal: AbortSignal) => repository.putMany(batch, { signal }),
  getMany: (repository: Users, signal: AbortSignal) => repository.getMany(keys, { signal }),
  abort: (repository: Users, _signal: AbortSignal, turn: number) =>
    repository.get(slow, { signal: AbortSignal.timeout(turn % slowness) }),
  abortAtOnce: async (repository: Users) => {
    const controller = new AbortController()
    const answer = repository.get(slow, { signal: controller.signal })
    controller.abort()
    return answer
  },
  timeout: (repository: Users) => repository.get(slow, { timeout: 5 }),
} as const

type CallName = keyof typeof calls

const plan: readonly CallName[] = [
  ...Array<CallName>(20).fill('get'),
  ...Array<CallName>(10).fill('put'),
  ...Array<CallName>(3).fill('query'),
  'page',
  'putMany',
  'getMany',
  'abort',
  'abortAtOnce',
  'timeout',
]

function isExpected(error: unknown, name: CallName): boolean {
  const { code } = error as { code?: unknown }
  return name === 'timeout' ? code === 'Timeout' : name.startsWith('abort') && code === 'Aborted'
}
