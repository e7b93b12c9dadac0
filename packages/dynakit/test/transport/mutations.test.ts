import { DynamoDBError, TimeoutError, type WireOutput } from 'dynakit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failureOf, read, write } from './bench.ts'
import { type FaultServer, startFaultServer } from './fault-server.ts'
import { cutAt, mutated } from './faults/raw-answers.ts'
import { success } from './faults/service-answers.ts'
import { directTransports, type OpenDirect } from './transports.ts'

const socketTimeout = 40
/** Longer than any answer of these tests. */
const longest = 600

describe.each(directTransports.map((subject) => [subject.name, subject] as const))('%s', (_name, subject) => {
  let server: FaultServer
  let open: OpenDirect
  beforeEach(async () => {
    server = await startFaultServer()
    open = await subject.open({ endpoint: server.endpoint, socketTimeout, maxAttempts: 1 })
  })
  afterEach(async () => {
    await open.close()
    await server.close()
  })

  test('an answer that is cut off anywhere is no answer', async () => {
    server.script(success())
    await read(open.transport)
    const length = await lengthOfAnswer()
    for (let cut = 0; cut < length; cut++) {
      server.script(cutAt(cut))
      const error = await failureOf(write(open.transport))
      expect({ cut, code: error.code, outcomeUnknown: error.outcomeUnknown }).toEqual({
        cut,
        code: 'Network',
        outcomeUnknown: true,
      })
    }
    server.script(cutAt(length))
    await write(open.transport)
  })

  async function lengthOfAnswer(): Promise<number> {
    let length = 0
    server.script(
      mutated((bytes) => {
        length = bytes.length
        return bytes
      }),
    )
    await write(open.transport)
    expect(length).toBeLessThan(longest)
    return length
  }

  test.each([
    ['space', () => 0x20],
    ['letter', () => 0x7a],
    ['digit', () => 0x39],
    ['line feed', () => 0x0a],
    ['zero', () => 0],
    ['other high bit', (byte: number) => byte ^ 0x80],
    ['other low bit', (byte: number) => byte ^ 1],
  ])('one byte that is a wrong one (%s) gives a right answer or a typed error', async (_kind, change) => {
    for (let at = 0; at < longest; at++) {
      server.script(
        mutated((bytes) => {
          const copy = Buffer.from(bytes)
          if (at < copy.length) copy[at] = change(copy[at]!)
          return copy
        }),
      )
      await expectRightOrTyped(at)
    }
  })

  test('a byte too few or too many gives a right answer or a typed error', async () => {
    for (let at = 0; at < longest; at += 3) {
      const cutOut = mutated((bytes) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]))
      const doubled = mutated((bytes) => Buffer.concat([bytes.subarray(0, at + 1), bytes.subarray(at)]))
      for (const answer of [cutOut, doubled]) {
        server.script(answer)
        await expectRightOrTyped(at)
      }
    }
  })

  async function expectRightOrTyped(at: number): Promise<void> {
    const [result] = await Promise.allSettled([read(open.transport)])
    if (result.status === 'fulfilled') {
      expect({ at, ...result.value }).toMatchObject({ at, Item: { id: 'p1', price: 12.5, gone: null } })
    } else if (!DynamoDBError.is(result.reason)) throw result.reason
    await expectNext(`next${String(at)}`)
  }

  /** The transport can still be used. On a busy machine even a right answer may come too late. */
  async function expectNext(id: string): Promise<void> {
    server.respond(success({ Item: { id: { S: id } } }))
    const next = () => read(open.transport)
    const ifLate = (error: unknown): Promise<WireOutput> => {
      if (TimeoutError.is(error)) return next()
      throw error
    }
    expect(await next().catch(ifLate).catch(ifLate)).toMatchObject({ Item: { id } })
  }
})
