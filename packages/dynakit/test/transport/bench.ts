import type { SendOptions, Transport, WireOutput } from 'dynakit'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest'
import { type FaultServer, startFaultServer } from './fault-server.ts'
import { isSignedWith } from './faults/signature-check.ts'
import {
  type OpenTransport,
  secret,
  type TransportCase,
  transports,
  type TransportSettings,
} from './transports.ts'

/** A transport and a fault server it talks to. */
export interface Bench {
  readonly server: FaultServer
  /** The row of the table of transports. */
  readonly subject: TransportCase
  /** Opens a transport to the server, which is closed after the test. */
  open(settings?: Partial<TransportSettings>): Promise<OpenTransport>
}

/** How a fault server is reached. */
export type Scheme = 'http' | 'https'
const bothSchemes: readonly Scheme[] = ['http', 'https']

/** Defines tests for every transport, over HTTP and over HTTPS. */
export function onEveryTransport(
  define: (bench: Bench) => void,
  schemes: readonly Scheme[] = bothSchemes,
): void {
  for (const subject of transports) {
    for (const scheme of schemes) {
      describe(`${subject.name} over ${scheme}`, () => {
        define(makeBench(subject, scheme === 'https'))
      })
    }
  }
}

function makeBench(subject: TransportCase, tls: boolean): Bench {
  let server: FaultServer | undefined
  const opened: OpenTransport[] = []
  beforeAll(async () => {
    server = await startFaultServer({ tls })
  })
  beforeEach(() => server?.reset())
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()))
  })
  afterAll(() => server?.close())
  const bench: Bench = {
    get server() {
      return server!
    },
    subject,
    async open(settings = {}) {
      const { endpoint, ca } = bench.server
      const one = await subject.open({ endpoint, ca, ...settings })
      opened.push(one)
      return one
    },
  }
  return bench
}

/** Sends a read. */
export function read(transport: Transport, options: Partial<SendOptions> = {}): Promise<WireOutput> {
  return transport.send('GetItem', { TableName: 'Shop', Key: { id: 'p1' } }, { numbers: 'exact', ...options })
}

/** Sends a write. */
export function write(transport: Transport, options: Partial<SendOptions> = {}): Promise<WireOutput> {
  const input = { TableName: 'Shop', Item: { id: 'p1', name: 'café 🙂' } }
  return transport.send('PutItem', input, { numbers: 'exact', ...options })
}

/** An error with whatever facts it carries. */
export type Failure = Error & Readonly<Record<string, unknown>>

/** Waits for something that must fail, and gives the error. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise
  } catch (error) {
    return error as Failure
  }
  throw new Error('it did not fail')
}

/** Checks that every request that arrived carries a signature that fits what arrived. */
export function expectSigned(server: FaultServer): void {
  for (const request of server.requests) expect(isSignedWith(secret, request)).toBe(true)
}

/** Waits until a condition holds. */
export async function eventually(condition: () => boolean, timeout = 2000): Promise<void> {
  const end = Date.now() + timeout
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within ${String(timeout)} ms: ${condition.toString()}`)
    await pause(5)
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
