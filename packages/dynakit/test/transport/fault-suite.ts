import { describe, expect, test } from 'vitest'
import { type Bench, expectSigned, failureOf, onEveryTransport, read, type Scheme, write } from './bench.ts'
import { expectation, type Fault, faults, type RequestKind } from './fault-table.ts'
import type { FaultServer } from './fault-server.ts'
import { success } from './faults/service-answers.ts'
import type { Expected, OpenTransport } from './transports.ts'

const senders = {
  read: ({ transport }: OpenTransport) => read(transport),
  'repeatable write': ({ transport }: OpenTransport) => write(transport, { isRepeatable: true }),
  write: ({ transport }: OpenTransport) => write(transport),
}
const kinds = Object.keys(senders) as readonly RequestKind[]

/** Defines the tests of every row of the fault table, for every transport. */
export function faultSuite(scheme: Scheme): void {
  onEveryTransport(
    (bench) => {
      describe.each(faults.map((fault) => [fault.name, fault] as const))('%s', (_name, fault) => {
        test.each(kinds)('without end: %s', (kind) => meetWithoutEnd(bench, fault, kind))
        test('once: what is sent again succeeds', () => meetOnce(bench, fault))
      })
    },
    [scheme],
  )
}

async function meetWithoutEnd(bench: Bench, fault: Fault, kind: RequestKind): Promise<void> {
  const { server, subject } = bench
  server.respond(fault.answer)
  const expected = expectation(fault, kind, subject.traits)
  const sent = senders[kind](await bench.open(fault.settings))
  if (expected.code === undefined) await sent
  else expectFailure(await failureOf(sent), expected, server)
  expect(server.requests).toHaveLength(expected.attempts)
  if (fault.answer.isEarly !== true) expectSigned(server)
}

async function meetOnce(bench: Bench, fault: Fault): Promise<void> {
  const { server, subject } = bench
  server.script(fault.answer)
  const { attempts } = expectation(fault, 'read', subject.traits)
  const { transport } = await bench.open(fault.settings)
  if (attempts > 1) expect(await read(transport)).toMatchObject({ Item: { id: 'p1' } })
  else await read(transport).catch(() => undefined)
  expect(server.requests).toHaveLength(Math.min(attempts, 2))
  // Whatever happened, the transport can still be used.
  server.script(success({ Item: { id: { S: 'next' } } }))
  expect(await read(transport)).toMatchObject({ Item: { id: 'next' } })
}

function expectFailure(
  error: Awaited<ReturnType<typeof failureOf>>,
  expected: Expected,
  { requests }: FaultServer,
): void {
  expect({
    attempts: requests.length,
    code: error.code,
    serviceCode: expected.serviceCode === undefined ? undefined : error.serviceCode,
    statusCode: error.statusCode,
    retryable: error.retryable,
    outcomeUnknown: error.outcomeUnknown ?? false,
  }).toEqual(expected)
  expect(error).toMatchObject({ operation: requests[0]!.operation, tableName: 'Shop' })
}
