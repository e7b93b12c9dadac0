import { DynamoDBError } from 'dynakit'
import { describe, expect, test } from 'vitest'
import { failureOf, onEveryTransport, read } from '../bench.ts'
import { serviceError, success } from '../faults/service-answers.ts'

/** Bodies that are JSON and not what DynamoDB sends. */
const strangeBodies: readonly object[] = [
  { Item: 5 },
  { Item: null },
  { Item: [] },
  { Item: 'text' },
  { Item: { id: null } },
  { Item: { id: 'text' } },
  { Item: { id: {} } },
  { Item: { id: { S: 5 } } },
  { Item: { id: { N: 5 } } },
  { Item: { id: { N: 'five' } } },
  { Item: { id: { B: 5 } } },
  { Item: { id: { L: {} } } },
  { Item: { id: { L: [null] } } },
  { Item: { id: { M: [] } } },
  { Item: { id: { SS: 'a' } } },
  { Item: { id: { NS: [null] } } },
  { Item: { id: { NEW: 'type' } } },
  { Item: { id: { S: 'a', N: '5' } } },
  { Items: 5, Responses: { Shop: 5 }, UnprocessedKeys: [] },
  [],
]

/** Members of an error that are not what DynamoDB sends. */
const strangeMembers: readonly object[] = [
  { __type: 5 },
  { __type: '' },
  { __type: 'com.amazon#' },
  { message: { text: 'a' } },
  { Item: 5 },
  { Item: { id: 5 } },
  { CancellationReasons: 5 },
  { CancellationReasons: [null] },
  { CancellationReasons: [{ Code: 5 }] },
  { ThrottlingReasons: 5 },
  { ThrottlingReasons: [null] },
]

const names = ['ConditionalCheckFailedException', 'TransactionCanceledException', 'ThrottlingException']

onEveryTransport(
  (bench) => {
    test.each(strangeBodies.map((body) => [JSON.stringify(body), body] as const))(
      'a success with %s is taken, or refused with a typed error',
      async (_text, body) => {
        bench.server.respond(success(body))
        const { transport } = await bench.open()
        const [result] = await Promise.allSettled([read(transport)])
        if (result.status === 'rejected' && !DynamoDBError.is(result.reason)) throw result.reason
      },
    )

    test.each([{ Attributes: { id: { NEW: 'type' } } }, { Attributes: { id: { L: 5 } } }])(
      'a write that was answered with %j may have been carried out',
      async (body) => {
        bench.server.respond(success(body))
        const { transport } = await bench.open()
        const input = { TableName: 'Shop', Key: { id: 'p1' }, UpdateExpression: 'REMOVE a' }
        const error = await failureOf(transport.send('UpdateItem', input, { numbers: 'exact' }))
        if (!DynamoDBError.is(error)) throw error
        expect(error.outcomeUnknown).toBe(true)
        expect(bench.server.requests).toHaveLength(1)
      },
    )

    describe.each(names)('%s', (name) => {
      test.each(strangeMembers.map((members) => [JSON.stringify(members), members] as const))(
        'with %s is a typed error',
        async (text, members) => {
          bench.server.respond(serviceError(name, { members }))
          const { transport } = await bench.open()
          const error = await failureOf(read(transport))
          if (!DynamoDBError.is(error)) throw error
          expect(error.statusCode).toBe(bench.subject.traits.unreadable.includes(text) ? undefined : 400)
        },
      )
    })
  },
  ['http'],
)
