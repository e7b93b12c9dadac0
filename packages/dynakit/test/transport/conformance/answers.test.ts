import type { OperationName, WireInput } from 'dynakit'
import { describe, expect, test } from 'vitest'
import { expectSigned, onEveryTransport, pause, read, write } from '../bench.ts'
import * as body from '../faults/body-faults.ts'
import { slowBody, slowFirstByte, thenClose } from '../faults/connection-faults.ts'
import type { Answer } from '../faults/exchange.ts'
import { success } from '../faults/service-answers.ts'

const item = {
  id: 'p1',
  price: 12.5,
  tags: new Set(['a', 'b']),
  picture: new Uint8Array([1, 2, 3]),
  gone: null,
}
const table = { TableName: 'Shop', TableStatus: 'ACTIVE', ItemCount: 1 }
const key = { id: 'p2' }

/** Every operation, with what the recorded answer is as JavaScript values. */
const operations: readonly (readonly [OperationName, WireInput, object])[] = [
  ['GetItem', { Key: key }, { Item: item }],
  ['PutItem', { Item: item }, {}],
  ['UpdateItem', { Key: key, UpdateExpression: 'REMOVE a' }, { Attributes: item }],
  ['DeleteItem', { Key: key }, {}],
  [
    'Query',
    { KeyConditionExpression: 'id = :id', ExpressionAttributeValues: { ':id': 'p1' } },
    {
      Items: [item, item],
      Count: 2,
      ScannedCount: 2,
      LastEvaluatedKey: { id: 'p1' },
    },
  ],
  ['Scan', { ExclusiveStartKey: key }, { Items: [item], Count: 1 }],
  [
    'BatchGetItem',
    { RequestItems: { Shop: { Keys: [key] } } },
    {
      Responses: { Shop: [item] },
      UnprocessedKeys: { Shop: { Keys: [key], ConsistentRead: true } },
    },
  ],
  [
    'BatchWriteItem',
    { RequestItems: { Shop: [{ PutRequest: { Item: item } }] } },
    {
      UnprocessedItems: { Shop: [{ PutRequest: { Item: item } }, { DeleteRequest: { Key: key } }] },
    },
  ],
  ['CreateTable', { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] }, { TableDescription: table }],
  ['DescribeTable', {}, { Table: table }],
  ['UpdateTable', { BillingMode: 'PAY_PER_REQUEST' }, { TableDescription: table }],
  ['DeleteTable', {}, { TableDescription: table }],
  ['ListTables', { Limit: 1 }, { TableNames: ['Shop'] }],
  ['DescribeTimeToLive', {}, { TimeToLiveDescription: { AttributeName: 'expiresAt' } }],
  [
    'UpdateTimeToLive',
    { TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' } },
    {
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' },
    },
  ],
]

const stale = { Item: { id: { S: 'stale' } } }

/** Answers that are unusual and right. */
const unusual: readonly (readonly [string, Answer])[] = [
  ['a slow first byte', slowFirstByte(60)],
  ['a body in many pieces', slowBody(50, 2)],
  ['byte by byte', slowBody(10_000, 0)],
  ['no checksum', body.noChecksum()],
  ['gzip, if taken', body.gzip()],
  ['chunks of one byte', body.chunked(1)],
  ['chunks of seven bytes', body.chunked(7)],
  ['one chunk', body.chunked(100_000)],
  ['HTTP/1.0', body.http10()],
  ['interim answers', body.informational()],
  ['headers in capitals, with blanks', body.unusualHeaders()],
  ['a second answer in the same packet', body.extraAnswer(0, stale)],
  ['a second answer somewhat later', body.extraAnswer(20, stale)],
  ['junk after the answer', body.extraBytes()],
  ['a connection that is closed at once', thenClose(success())],
  ['a connection that is closed when idle', thenClose(success(), 20)],
]

onEveryTransport((bench) => {
  test.each(operations)('%s', async (operation, input, output) => {
    const { transport } = await bench.open()
    const sent = ['ListTables', 'BatchGetItem', 'BatchWriteItem'].includes(operation)
      ? input
      : { TableName: 'Shop', ...input }
    expect(await transport.send(operation, sent, { numbers: 'exact' })).toMatchObject(output)
    expect(bench.server.requests.map((request) => request.operation)).toEqual([operation])
    expectSigned(bench.server)
  })

  describe.each(unusual)('%s', (name, answer) => {
    const isDamaged = bench.subject.traits.damaged.includes(name)

    test('is understood, and the next request gets its own answer', async () => {
      bench.server.script(answer, ...(isDamaged ? [success()] : []))
      bench.server.script(success(), success({ Item: { id: { S: 'mine' } } }))
      const { transport } = await bench.open({ maxSockets: 1 })
      expect(await read(transport)).toMatchObject({ Item: item })
      await pause(50)
      expect(await write(transport)).toMatchObject({})
      expect(await read(transport)).toMatchObject({ Item: { id: 'mine' } })
      expect(bench.server.requests).toHaveLength(isDamaged ? 4 : 3)
    })
  })

  test('gzip that was not asked for', async () => {
    bench.server.script(body.unaskedGzip())
    const { transport } = await bench.open()
    const answer = read(transport)
    if (bench.subject.traits.unpacksGzip) expect(await answer).toMatchObject({ Item: item })
    else await expect(answer).rejects.toMatchObject({ code: 'Network' })
  })
})
