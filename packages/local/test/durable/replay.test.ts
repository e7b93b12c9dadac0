import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine, type Engine, ServiceError } from '../../src/index.ts'
import { call, everything } from './everything.ts'

const runs = Number(process.env.DYNAKIT_REPLAYS ?? 40)

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dynakit-local-replay-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** A thing to do with an engine, by small numbers. */
interface Step {
  readonly kind: (typeof kinds)[number]
  readonly table: number
  readonly id: number
  readonly amount: number
}

const kinds = [
  'put',
  'put',
  'put',
  'put',
  'expire',
  'delete',
  'add',
  'transact',
  'batch',
  'advance',
  'advance',
  'read',
  'split',
  'create',
  'drop',
  'stream on',
  'stream off',
  'expiry on',
  'expiry off',
  'add index',
  'tag',
  'rewrite',
] as const

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...kinds),
  table: fc.nat(1),
  id: fc.nat(12),
  amount: fc.nat(1000),
})

type Do = (engine: Engine, step: Step, TableName: string) => Promise<unknown>

const key = (id: number): object => ({ id: { S: `item ${String(id)}` } })
const status = (amount: number): object => ({ status: { S: `s${String(amount % 3)}` } })

const actions: Readonly<Record<Step['kind'], Do>> = {
  put: (engine, { id, amount }, TableName) =>
    call(engine, 'PutItem', { TableName, Item: { ...key(id), ...status(amount), n: { N: String(amount) } } }),
  expire: (engine, { id, amount }, TableName) => {
    const expiresAt = { N: String(Math.floor(engine.clock.now() / 1000) + amount * 60) }
    return call(engine, 'PutItem', { TableName, Item: { ...key(id), expiresAt } })
  },
  delete: (engine, { id }, TableName) => call(engine, 'DeleteItem', { TableName, Key: key(id) }),
  add: (engine, { id, amount }, TableName) =>
    call(engine, 'UpdateItem', {
      TableName,
      Key: key(id),
      UpdateExpression: 'ADD n :n',
      ExpressionAttributeValues: { ':n': { N: String(amount) } },
    }),
  transact: (engine, { id, amount }, TableName) =>
    call(engine, 'TransactWriteItems', {
      ClientRequestToken: `token ${String(amount)}`,
      TransactItems: [
        { Put: { TableName, Item: { ...key(id), ...status(amount) } } },
        { Delete: { TableName, Key: key(id + 1) } },
      ],
    }),
  batch: (engine, { id, amount }, TableName) =>
    call(engine, 'BatchWriteItem', {
      RequestItems: {
        [TableName]: [
          { PutRequest: { Item: { ...key(id), ...status(amount) } } },
          { DeleteRequest: { Key: key(id + 1) } },
        ],
      },
    }),
  advance: async (engine, { amount }) => {
    await Promise.resolve()
    engine.clock.advance(amount * 60_000)
  },
  read: (engine) => everything(engine),
  split: async (engine, _step, TableName) => {
    const { Table } = await call<{ Table: { LatestStreamArn?: string } }>(engine, 'DescribeTable', {
      TableName,
    })
    if (Table.LatestStreamArn !== undefined) engine.splitShards(Table.LatestStreamArn)
  },
  create: (engine, { amount }, TableName) =>
    call(engine, 'CreateTable', {
      TableName,
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'status', AttributeType: 'S' },
      ],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byStatus',
          KeySchema: [{ AttributeName: 'status', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      ...(amount % 2 === 0 && {
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      }),
    }),
  drop: (engine, _step, TableName) => call(engine, 'DeleteTable', { TableName }),
  'stream on': (engine, _step, TableName) =>
    call(engine, 'UpdateTable', {
      TableName,
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  'stream off': (engine, _step, TableName) =>
    call(engine, 'UpdateTable', { TableName, StreamSpecification: { StreamEnabled: false } }),
  'expiry on': (engine, _step, TableName) =>
    call(engine, 'UpdateTimeToLive', {
      TableName,
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' },
    }),
  'expiry off': (engine, _step, TableName) =>
    call(engine, 'UpdateTimeToLive', {
      TableName,
      TimeToLiveSpecification: { Enabled: false, AttributeName: 'expiresAt' },
    }),
  'add index': (engine, { amount }, TableName) =>
    call(engine, 'UpdateTable', {
      TableName,
      AttributeDefinitions: [{ AttributeName: 'n', AttributeType: 'N' }],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: `byNumber${String(amount % 2)}`,
            KeySchema: [{ AttributeName: 'n', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        },
      ],
    }),
  tag: async (engine, { amount }, TableName) => {
    const { Table } = await call<{ Table: { TableArn: string } }>(engine, 'DescribeTable', { TableName })
    const Tags = [{ Key: `k${String(amount % 4)}`, Value: String(amount) }]
    await call(engine, 'TagResource', { ResourceArn: Table.TableArn, Tags })
  },
  rewrite: async (engine) => {
    await Promise.resolve()
    engine.restore(engine.snapshot())
  },
}

test(
  'an engine that is opened again is as it was, whatever was done with it',
  async () => {
    let done = 0
    let files = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 20, maxLength: 80 }),
        fc.constantFrom('none' as const, { createTable: '1m', createIndex: '2h', timeToLive: '1h' } as const),
        fc.integer({ min: 1, max: 3 }),
        async (steps, delays, streamShards) => {
          files += 1
          const file = path.join(folder, `${String(files)}.log`)
          const engine = createEngine({ file, delays, streamShards })
          engine.clock.freeze()
          await actions.create(engine, { kind: 'create', table: 0, id: 0, amount: 0 }, 'Table0')
          for (const one of steps) {
            try {
              await actions[one.kind](engine, one, `Table${String(one.table)}`)
              done += 1
            } catch (error) {
              if (!(error instanceof ServiceError)) throw error
            }
          }
          const now = engine.clock.now()
          const before = await everything(engine)
          const fork = engine.fork()
          await engine.close()
          // Shards of streams that are there already are as many as they were.
          const again = createEngine({ file, delays, streamShards: 4 })
          again.clock.freeze()
          if (now > again.clock.now()) again.clock.set(now)
          expect(await everything(again)).toEqual(before)
          // And goes on as it would have.
          for (const later of ['7m', '5m', '3h'] as const) {
            for (const one of [fork, again]) one.clock.advance(later)
            expect(await everything(again)).toEqual(await everything(fork))
          }
          await again.close()
        },
      ),
      {
        numRuns: runs,
        ...(process.env.DYNAKIT_REPLAYS_SEED && { seed: Number(process.env.DYNAKIT_REPLAYS_SEED) }),
      },
    )
    expect(done).toBeGreaterThan(runs * 10)
  },
  20_000 + runs * 1000,
)
