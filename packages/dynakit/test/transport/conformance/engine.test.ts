import {
  ConditionalCheckFailedError,
  Decimal,
  defineTable,
  type NativeItem,
  type OperationName,
  TableInUseError,
  TableNotFoundError,
  type Transport,
  ValidationError,
  type WireInput,
  type WireOutput,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anyItem } from '../../arbitrary-values.ts'
import { failureOf } from '../bench.ts'
import { comparable, withoutNames } from '../compare-values.ts'
import { type OpenTransport, transports } from '../transports.ts'

const Items = defineTable({
  name: 'Items',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'number' },
})
const numbers = 'exact'

describe.each(transports.map((subject) => [subject.name, subject] as const))('%s', (_name, subject) => {
  let tables: TestTables
  let open: OpenTransport
  let transport: Transport

  beforeAll(async () => {
    tables = await createTestTables(Items)
    open = await subject.open(tables.clientConfig)
    transport = open.transport
  })
  afterAll(async () => {
    await open.close()
    await tables.drop()
  })

  const send = (operation: OperationName, input: WireInput): Promise<WireOutput> =>
    transport.send(operation, { TableName: 'Items', ...input }, { numbers })
  const put = (item: NativeItem): Promise<WireOutput> => send('PutItem', { Item: item })
  const get = async (pk: string, sk = 1): Promise<unknown> =>
    (await send('GetItem', { Key: { pk, sk }, ConsistentRead: true })).Item

  describe('values', () => {
    test('of every type come back as they were', async () => {
      const item = {
        pk: 'types',
        sk: 1,
        text: 'ünïcode 🙂 \u0000 \u2028 "quoted" \\ / \n',
        empty: '',
        int: -42,
        float: 0.1,
        big: 2n ** 100n,
        exact: Decimal.from('0.1234567890123456789012345678901234567'),
        yes: true,
        no: false,
        nothing: null,
        bytes: new Uint8Array([0, 255, 128]),
        noBytes: new Uint8Array(),
        list: [1, 'a', [], {}, null],
        map: { nested: { deep: [{ x: 1 }] }, 'dotted.name': 1 },
        texts: new Set(['a', 'é']),
        numbers: new Set([1, 2n ** 64n]),
        binaries: new Set([new Uint8Array([1]), new Uint8Array([2])]),
      }
      await put(item)
      expect(await get('types')).toEqual(item)
    })

    test('whatever they are', async () => {
      // DynamoDB takes no attribute without a name.
      const refusedNames = subject.traits.readsProto ? [''] : ['', '__proto__']
      await fc.assert(
        fc.asyncProperty(anyItem, async (value) => {
          const item = { value: withoutNames(value, refusedNames), pk: 'any', sk: 1 }
          await put(item)
          expect(comparable(await get('any'))).toEqual(comparable(item))
        }),
        { numRuns: 60 },
      )
    })

    test('under names that mean something to JavaScript', async () => {
      const names = '{"constructor":"c","hasOwnProperty":"h","toString":"t"}'
      const map = JSON.parse(names) as NativeItem
      await put({ ...map, map, pk: 'names', sk: 1 })
      expect(await get('names')).toEqual({ ...map, map, pk: 'names', sk: 1 })
    })

    test('under the name __proto__', async () => {
      const map = JSON.parse('{"__proto__":"p","other":"o"}') as NativeItem
      await put({ map, ['__proto__']: 'p', pk: 'proto', sk: 1 })
      const read = get('proto')
      if (subject.traits.readsProto) {
        const stored = (await read) as { map: NativeItem }
        expect(Object.keys(stored).sort()).toEqual(['__proto__', 'map', 'pk', 'sk'])
        expect(Object.entries(stored.map)).toEqual([
          ['__proto__', 'p'],
          ['other', 'o'],
        ])
        expect(Object.getPrototypeOf(stored)).toBe(Object.prototype)
      } else expect(await failureOf(read)).toMatchObject({ operation: 'GetItem' })
      await send('DeleteItem', { Key: { pk: 'proto', sk: 1 } })
    })

    test.each([
      ['decimal', (value: unknown) => value instanceof Decimal],
      ['rounded', (value: unknown) => value === 1e30],
    ] as const)('numbers as %s', async (mode, isRight) => {
      await put({ pk: 'modes', sk: 1, value: 10n ** 30n })
      const { Item } = await transport.send(
        'GetItem',
        { TableName: 'Items', Key: { pk: 'modes', sk: 1 } },
        { numbers: mode },
      )
      expect(isRight((Item as NativeItem).value)).toBe(true)
    })

    test('up to the size DynamoDB takes', async () => {
      const largest = 400 * 1024 - 60
      const item = { pk: 'large', sk: 1, text: 'é'.repeat(largest / 2) }
      await put(item)
      expect(await get('large')).toEqual(item)
      expect(await failureOf(put({ ...item, text: 'x'.repeat(500_000) }))).toMatchObject({
        code: 'Validation',
      })
    })
  })

  describe('pages', () => {
    const pk = 'pages'
    const input = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } }

    beforeAll(async () => {
      const text = 'x'.repeat(100_000)
      await Promise.all(Array.from({ length: 15 }, (_, sk) => put({ pk, sk, text })))
    })

    test('of a megabyte, one after the other', async () => {
      const first = await send('Query', input)
      expect(first.LastEvaluatedKey).toMatchObject({ pk })
      const second = await send('Query', { ...input, ExclusiveStartKey: first.LastEvaluatedKey })
      const items = [...(first.Items as NativeItem[]), ...(second.Items as NativeItem[])]
      expect(items.map(({ sk }) => sk)).toEqual(Array.from({ length: 15 }, (_, sk) => sk))
      expect(second.LastEvaluatedKey).toBeUndefined()
    })

    test('many at once', async () => {
      const pages = await Promise.all(Array.from({ length: 12 }, () => send('Query', input)))
      expect(new Set(pages.map(({ Count }) => Count)).size).toBe(1)
    })

    test('of a scan', async () => {
      const { Items: items, Count } = await send('Scan', { Limit: 3 })
      expect(items).toHaveLength(3)
      expect(Count).toBe(3)
    })
  })

  describe('writes', () => {
    test('give back what was asked for', async () => {
      await put({ pk: 'writes', sk: 1, count: 1 })
      expect(
        await send('UpdateItem', {
          Key: { pk: 'writes', sk: 1 },
          UpdateExpression: 'SET #c = #c + :one',
          ExpressionAttributeNames: { '#c': 'count' },
          ExpressionAttributeValues: { ':one': 1 },
          ReturnValues: 'UPDATED_NEW',
        }),
      ).toMatchObject({ Attributes: { count: 2 } })
      expect(
        await send('DeleteItem', { Key: { pk: 'writes', sk: 1 }, ReturnValues: 'ALL_OLD' }),
      ).toMatchObject({ Attributes: { pk: 'writes', count: 2 } })
      expect(await get('writes')).toBeUndefined()
    })

    test('of many items, and reads of many keys', async () => {
      const keys = Array.from({ length: 10 }, (_, sk) => ({ pk: 'batch', sk }))
      const { UnprocessedItems } = await transport.send(
        'BatchWriteItem',
        { RequestItems: { Items: keys.map((key) => ({ PutRequest: { Item: { ...key, text: 'é' } } })) } },
        { numbers },
      )
      expect(UnprocessedItems).toEqual({})
      const { Responses, UnprocessedKeys } = await transport.send(
        'BatchGetItem',
        { RequestItems: { Items: { Keys: keys, ConsistentRead: true } } },
        { numbers },
      )
      expect(UnprocessedKeys).toEqual({})
      const found = (Responses as { Items: NativeItem[] }).Items
      expect(found.map(({ sk }) => Number(sk)).sort((a, b) => a - b)).toEqual(keys.map(({ sk }) => sk))
      expect(found[0]).toMatchObject({ pk: 'batch', text: 'é' })
      await transport.send(
        'BatchWriteItem',
        { RequestItems: { Items: keys.map((Key) => ({ DeleteRequest: { Key } })) } },
        { numbers },
      )
      expect(await get('batch', 3)).toBeUndefined()
    })

    test('report what they used', async () => {
      const { ConsumedCapacity } = await send('PutItem', {
        Item: { pk: 'capacity', sk: 1 },
        ReturnConsumedCapacity: 'TOTAL',
      })
      expect(ConsumedCapacity).toMatchObject({ TableName: 'Items', CapacityUnits: 1 })
    })
  })

  test('tables: create, describe, change, list, time to live, delete', async () => {
    const name = { TableName: 'Made' }
    const call = (operation: OperationName, input: WireInput = {}): Promise<WireOutput> =>
      transport.send(operation, { ...name, ...input }, { numbers })
    await call('CreateTable', {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    })
    expect(await call('DescribeTable')).toMatchObject({ Table: { ...name, TableStatus: 'ACTIVE' } })
    const throughput = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 }
    await call('UpdateTable', { BillingMode: 'PROVISIONED', ProvisionedThroughput: throughput })
    expect(await transport.send('ListTables', {}, { numbers })).toMatchObject({
      TableNames: ['Items', 'Made'],
    })
    await call('UpdateTimeToLive', { TimeToLiveSpecification: { Enabled: true, AttributeName: 'end' } })
    expect(await call('DescribeTimeToLive')).toMatchObject({
      TimeToLiveDescription: { AttributeName: 'end', TimeToLiveStatus: 'ENABLED' },
    })
    await call('DeleteTable')
    expect(TableNotFoundError.is(await failureOf(call('DescribeTable')))).toBe(true)
  })

  describe('errors', () => {
    test('a table that does not exist', async () => {
      const error = await failureOf(
        transport.send('GetItem', { TableName: 'Nowhere', Key: { pk: 'a' } }, { numbers }),
      )
      expect(TableNotFoundError.is(error)).toBe(true)
      expect(error).toMatchObject({ operation: 'GetItem', tableName: 'Nowhere', statusCode: 400 })
      expect(error.requestId).toMatch(/\S/)
    })

    test('a table that exists', async () => {
      const error = await failureOf(
        send('CreateTable', {
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
        }),
      )
      expect(TableInUseError.is(error)).toBe(true)
    })

    test('a condition that is false, with the stored item', async () => {
      await put({ pk: 'condition', sk: 1, secret: 'é', count: 2n ** 70n })
      const error = await failureOf(
        send('PutItem', {
          Item: { pk: 'condition', sk: 1 },
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      )
      expect(ConditionalCheckFailedError.is(error)).toBe(true)
      expect(error.item).toEqual({ pk: 'condition', sk: 1, secret: 'é', count: 2n ** 70n })
      expect(error).toMatchObject({ statusCode: 400, retryable: false })
    })

    test('a request DynamoDB does not accept', async () => {
      for (const run of [
        () => send('GetItem', { Key: { wrong: 'key' } }),
        () => send('Query', { KeyConditionExpression: 'nonsense' }),
        () => put({ pk: 'no sort key' }),
      ]) {
        const error = await failureOf(run())
        expect(ValidationError.is(error)).toBe(true)
        expect(error).toMatchObject({ rule: 'service', statusCode: 400 })
      }
    })
  })
})
