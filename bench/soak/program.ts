/** Works for a while over one direct transport, and reports its memory and sockets. */
import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAdapter, directTransport } from 'dynakit'
import type { Target } from '../wire/contestant.ts'
import { UserEntity } from '../wire/contestants/dynakit-user.ts'
import { Gate } from './gate.ts'
import { type Tally, work } from './load.ts'

/** What the process looked like at one moment, after garbage collection, with no call on its way. */
export interface Sample extends Tally {
  readonly second: number
  /** Megabytes of JavaScript objects and of buffers they own. */
  readonly heap: number
  readonly rss: number
  readonly sockets: number
}

/** What the soak says at its end. */
export interface SoakEnd {
  readonly failure: string | undefined
}

const workers = 24
const [target = '{}', seconds = '60', every = '5'] = process.argv.slice(2)
const transport = directTransport(JSON.parse(target) as Target)
const repository = createAdapter({ transport, capacityDetail: 'none' }).repository(UserEntity)
const tally: Tally = { done: 0, aborted: 0, timedOut: 0 }
const gate = new Gate(workers)
const ending = new AbortController()
// All workers share it; Node warns from eleven listeners on, and should warn of many more than calls.
setMaxListeners(workers * 2, ending.signal)

function sample(second: number): Sample {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  return {
    second,
    ...tally,
    heap: (heapUsed + external) / 1e6,
    rss: rss / 1e6,
    sockets: transport.connections().open,
  }
}

async function report(): Promise<void> {
  for (let second = Number(every); second <= Number(seconds); second += Number(every)) {
    await sleep(Number(every) * 1000)
    process.send?.(await gate.whenQuiet(() => sample(second)))
  }
  ending.abort()
}

async function soak(): Promise<void> {
  const work_ = Array.from({ length: workers }, () => work(repository, tally, gate, ending.signal))
  const failure = await Promise.all([report(), ...work_]).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
  )
  await transport.close()
  process.send?.({ failure } satisfies SoakEnd)
}

process.on('disconnect', () => process.exit())
void soak()
