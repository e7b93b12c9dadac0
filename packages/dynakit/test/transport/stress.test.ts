import { DynamoDBError, type SendOptions } from 'dynakit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually, type Failure, read, write } from './bench.ts'
import { type FaultServer, startFaultServer } from './fault-server.ts'
import { wrongChecksum } from './faults/body-faults.ts'
import * as connection from './faults/connection-faults.ts'
import type { Answer } from './faults/exchange.ts'
import { internalError, success, throttle, unavailable } from './faults/service-answers.ts'
import { directTransports } from './transports.ts'

const budget = 500
const retryCost = 14
const throttlingCost = 5

/** Runs a task many times, so many at once, and gives what each came to. */
async function repeat<Result>(
  times: number,
  atOnce: number,
  task: (index: number) => Promise<Result>,
): Promise<PromiseSettledResult<Result>[]> {
  const results: PromiseSettledResult<Result>[] = []
  let started = 0
  const work = async (): Promise<void> => {
    while (started < times) {
      const index = started
      started += 1
      const [result] = await Promise.allSettled([task(index)])
      results[index] = result
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return results
}

describe.each(directTransports.map((subject) => [subject.name, subject] as const))('%s', (_name, subject) => {
  let server: FaultServer
  beforeEach(async () => {
    server = await startFaultServer()
  })
  afterEach(() => server.close())

  test.each([
    ['faults', internalError(), retryCost],
    ['throttles', throttle('ThrottlingException'), throttlingCost],
  ])('an outage of nothing but %s does not multiply the load', async (_what, answer, cost) => {
    server.respond(answer)
    const { transport, close } = await subject.open({
      endpoint: server.endpoint,
      maxAttempts: 4,
      maxSockets: 50,
    })
    const calls = 2000
    const results = await repeat(calls, 50, () => read(transport))
    expect(results.every(({ status }) => status === 'rejected')).toBe(true)
    const retries = server.requests.length - calls
    expect(retries).toBe(Math.floor(budget / cost))

    server.reset()
    await repeat(30, 1, () => read(transport))
    server.script(answer)
    await read(transport)
    expect(server.requests).toHaveLength(32)
    await close()
  })

  test('calls that are aborted leave nothing behind', async () => {
    server.respond(connection.silence())
    const maxSockets = 10
    const { transport, close } = await subject.open({ endpoint: server.endpoint, maxSockets })
    const results = await repeat(10_000, 200, (index) => read(transport, abortSoon(index)))
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'Aborted' } })
    }
    await eventually(() => server.connections() <= maxSockets)
    expect(transport.connections().queued).toBe(0)
    expect(transport.connections().open).toBeLessThanOrEqual(maxSockets)
    expect(server.mostConnections).toBeLessThanOrEqual(2 * maxSockets)
    server.respond(success())
    await write(transport)
    await close()
    await eventually(() => server.connections() === 0)
    expect(transport.connections()).toEqual({ open: 0, idle: 0, queued: 0 })
  })

  test('never more connections than permitted', async () => {
    server.respond(connection.slowFirstByte(5))
    const { transport, close } = await subject.open({ endpoint: server.endpoint, maxSockets: 2 })
    const results = await repeat(60, 20, () => write(transport))
    expect(results.every(({ status }) => status === 'fulfilled')).toBe(true)
    expect(server.mostConnections).toBe(2)
    await close()
  })

  test('idle connections the server closes make no call fail', async () => {
    const { transport, close } = await subject.open({ endpoint: server.endpoint, maxSockets: 20 })
    for (let round = 0; round < 10; round++) {
      server.respond(connection.slowFirstByte(5))
      await Promise.all(Array.from({ length: 20 }, () => read(transport)))
      server.closeConnections()
      if (round % 2 === 0) await eventually(() => server.connections() === 0)
      else await Promise.all(Array.from({ length: 20 }, () => read(transport)))
      server.respond(success())
      if (round % 2 === 0) await write(transport)
    }
    await close()
  })

  test('whatever happens, errors tell the truth about writes', async () => {
    const random = makeRandom(20_260_101)
    server.respond(() => someFault(random))
    const { transport, close } = await subject.open({
      endpoint: server.endpoint,
      socketTimeout: 60,
      retry: { budget: Infinity, maxAttempts: 3 },
    })
    const calls = 2000
    const results = await repeat(calls, 20, (index) =>
      transport.send(
        'PutItem',
        { TableName: 'Shop', Item: { id: `w${String(index)}` } },
        {
          numbers: 'exact',
          ...(random() < 0.1 && { signal: AbortSignal.timeout(Math.floor(random() * 30)) }),
        },
      ),
    )
    const counts = new Map<string, number>()
    for (const { body } of server.carriedOut) {
      const { id } = (JSON.parse(body) as { Item: { id: { S: string } } }).Item
      counts.set(id.S, (counts.get(id.S) ?? 0) + 1)
    }
    const lies = results.filter((result, index) => !isTrue(result, counts.get(`w${String(index)}`) ?? 0))
    expect(lies).toEqual([])
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(calls / 3)
    await close()
    await eventually(() => server.connections() === 0)
  })

  test('whatever happens, reads get their own answers', async () => {
    const random = makeRandom(42)
    server.respond(({ body }) => {
      const { id } = (JSON.parse(body) as { Key: { id: { S: string } } }).Key
      return random() < 0.7 ? success({ Item: { id } }) : someFault(random)
    })
    const { transport, close } = await subject.open({
      endpoint: server.endpoint,
      socketTimeout: 60,
      retry: { budget: Infinity, maxAttempts: 10 },
    })
    const results = await repeat(2000, 20, (index) =>
      transport.send(
        'GetItem',
        { TableName: 'Shop', Key: { id: `r${String(index)}` } },
        { numbers: 'exact' },
      ),
    )
    const wrong = results.filter(
      (result, index) =>
        result.status === 'rejected' ||
        !['p1', `r${String(index)}`].includes((result.value.Item as { id: string }).id),
    )
    expect(wrong).toEqual([])
    await close()
  })
})

/** Whether the outcome of a write agrees with how often it was carried out. */
function isTrue(result: PromiseSettledResult<unknown>, times: number): boolean {
  if (result.status === 'fulfilled') return times === 1
  const error = result.reason as Failure
  if (!DynamoDBError.is(error)) return false
  return times <= 1 && (times === 0 || error.outcomeUnknown === true)
}

const soonAfter: readonly ((run: () => void) => void)[] = [
  (run) => {
    queueMicrotask(run)
  },
  (run) => {
    setImmediate(run)
  },
  (run) => {
    setTimeout(run, 1)
  },
  (run) => {
    setTimeout(run, 4)
  },
]

/** A signal that fires at one of several moments of a request's life. */
function abortSoon(index: number): Partial<SendOptions> {
  const controller = new AbortController()
  soonAfter[index % soonAfter.length]!(() => {
    controller.abort()
  })
  return { signal: controller.signal }
}

const mostlyGood: readonly Answer[] = [
  ...Array.from({ length: 10 }, () => success()),
  connection.slowFirstByte(10),
  connection.slowBody(4, 3),
  connection.thenClose(success()),
  connection.thenClose(success(), 3),
  connection.resetConnection('dropped'),
  connection.resetConnection('carried-out'),
  connection.closeWithoutAnswer('dropped'),
  connection.closeWithoutAnswer('carried-out'),
  connection.truncatedBody(),
  connection.resetInBody(),
  connection.stalledBody(),
  connection.silence(),
  wrongChecksum(),
  internalError(false),
  internalError(true),
  unavailable(),
  throttle('ProvisionedThroughputExceededException'),
]

function someFault(random: () => number): Answer {
  return mostlyGood[Math.floor(random() * mostlyGood.length)]!
}

/** Numbers from 0 to 1, the same in every run. */
function makeRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
