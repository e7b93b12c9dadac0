import { spawn } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEngine, type Engine, type EngineOptions } from '../../src/index.ts'
import { call, caller, everything } from './everything.ts'

let folder = ''
let file = ''
let engines: Engine[] = []

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dynakit-local-'))
  file = path.join(folder, 'data.log')
})
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.close()))
  engines = []
  rmSync(folder, { recursive: true })
})

function open(options: EngineOptions = {}): Engine {
  const engine = createEngine({ file, ...options })
  engines.push(engine)
  return engine
}

const createTable = (engine: Engine, name = 'Orders', more: object = {}, who = caller): Promise<unknown> =>
  call(
    engine,
    'CreateTable',
    {
      TableName: name,
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'status', AttributeType: 'S' },
      ],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byStatus',
          KeySchema: [{ AttributeName: 'status', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      ...more,
    },
    who,
  )

const put = (engine: Engine, id: string, more: object = {}): Promise<unknown> =>
  call(engine, 'PutItem', { TableName: 'Orders', Item: { id: { S: id }, status: { S: 'open' }, ...more } })

/** Does something of everything. */
async function use(engine: Engine): Promise<void> {
  engine.clock.freeze()
  await createTable(engine)
  await call(engine, 'UpdateTimeToLive', {
    TableName: 'Orders',
    TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' },
  })
  await put(engine, 'a', {
    n: { N: '1.50' },
    bytes: { B: 'AAEC' },
    map: { M: { ['__proto__']: { NULL: true } } },
  })
  await put(engine, 'b', { expiresAt: { N: String(Math.floor(engine.clock.now() / 1000) + 3600) } })
  await put(engine, 'c', { status: { S: 'done' } })
  engine.clock.advance('2h')
  await put(engine, 'a', { n: { N: '2' } })
  await call(engine, 'DeleteItem', { TableName: 'Orders', Key: { id: { S: 'c' } } })
  engine.clock.advance('3h')
  await put(engine, 'd')
  const { Table } = await call<{ Table: { LatestStreamArn: string } }>(engine, 'DescribeTable', {
    TableName: 'Orders',
  })
  engine.splitShards(Table.LatestStreamArn)
  for (let id = 0; id < 20; id += 1) await put(engine, `e${String(id)}`)
  await createTable(engine, 'Gone')
  await call(engine, 'DeleteTable', { TableName: 'Gone' })
  await createTable(engine, 'Elsewhere', {}, { ...caller, region: 'us-east-1' })
}

describe('an engine with a file', () => {
  test('holds after a restart what it held before', async () => {
    const engine = open()
    await use(engine)
    const before = await everything(engine)
    const elsewhere = await everything(engine, { ...caller, region: 'us-east-1' })
    const now = engine.clock.now()
    await engine.close()
    const again = open()
    again.clock.freeze()
    expect(again.clock.now()).toBeGreaterThanOrEqual(now)
    expect(await everything(again)).toEqual(before)
    expect(await everything(again, { ...caller, region: 'us-east-1' })).toEqual(elsewhere)
    await put(again, 'after')
    expect(await call(again, 'GetItem', { TableName: 'Orders', Key: { id: { S: 'after' } } })).toHaveProperty(
      'Item',
    )
  })

  test('goes on with time to live and the numbers of its streams', async () => {
    const engine = open({ expiryDelay: 0 })
    engine.clock.freeze()
    await createTable(engine)
    await call(engine, 'UpdateTimeToLive', {
      TableName: 'Orders',
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' },
    })
    await put(engine, 'a', { expiresAt: { N: String(Math.floor(engine.clock.now() / 1000) + 60) } })
    await put(engine, 'b')
    await engine.close()
    const again = open({ expiryDelay: 0 })
    again.clock.freeze()
    again.clock.advance('2m')
    await put(again, 'c')
    const { Items } = await call<{ Items: { id: { S: string } }[] }>(again, 'Scan', { TableName: 'Orders' })
    expect(Items.map(({ id }) => id.S).sort()).toEqual(['b', 'c'])
    const { streams } = (await everything(again)) as {
      streams: { records: { dynamodb: { SequenceNumber: string } }[][] }[]
    }
    const sequences = streams[0]?.records[0]?.map(({ dynamodb }) => dynamodb.SequenceNumber) ?? []
    expect(new Set(sequences).size).toBe(4)
    expect([...sequences].sort()).toEqual(sequences)
  })

  test('remembers the tokens of transactions', async () => {
    const engine = open()
    await createTable(engine)
    const transaction = {
      ClientRequestToken: 'once',
      TransactItems: [
        {
          Update: {
            TableName: 'Orders',
            Key: { id: { S: 'counter' } },
            UpdateExpression: 'ADD n :one',
            ExpressionAttributeValues: { ':one': { N: '1' } },
          },
        },
      ],
    }
    await call(engine, 'TransactWriteItems', transaction)
    await engine.close()
    const again = open()
    await call(again, 'TransactWriteItems', transaction)
    const { Item } = await call<{ Item: { n: object } }>(again, 'GetItem', {
      TableName: 'Orders',
      Key: { id: { S: 'counter' } },
    })
    expect(Item.n).toEqual({ N: '1' })
  })

  test('writes its file anew when that has become long', async () => {
    const engine = open()
    await use(engine)
    await createTable(engine, 'Large', { StreamSpecification: { StreamEnabled: false } })
    const text = { S: 'x'.repeat(100_000) }
    let longest = 0
    let length = 0
    for (let round = 0; round < 400; round += 1) {
      const Item = { id: { S: 'large' }, text, round: { N: String(round) } }
      await call(engine, 'PutItem', { TableName: 'Large', Item })
      const { size } = statSync(file)
      if (size < length) longest = length
      length = size
    }
    expect(longest).toBeGreaterThan(16_000_000)
    const before = await everything(engine)
    await engine.close()
    const again = open()
    again.clock.freeze()
    expect(await everything(again)).toEqual(before)
    expect(readdirSync(folder).sort()).toEqual(['data.log', 'data.log.lock'])
  })

  test('keeps a state it was brought back to', async () => {
    const engine = open()
    await createTable(engine)
    await put(engine, 'a')
    const snapshot = engine.snapshot()
    await put(engine, 'b')
    await createTable(engine, 'Later')
    engine.restore(snapshot)
    const fork = engine.fork()
    await put(fork, 'only in the fork')
    await fork.close()
    const before = await everything(engine)
    await engine.close()
    const again = open()
    expect(await everything(again)).toEqual(before)
    expect(await call(again, 'ListTables', {})).toEqual({ TableNames: ['Orders'] })
    expect(await call(again, 'Scan', { TableName: 'Orders', Select: 'COUNT' })).toMatchObject({ Count: 1 })
  })

  test('can wait for the disk', async () => {
    const engine = open({ sync: true })
    await createTable(engine)
    await put(engine, 'a')
    await engine.close()
    expect(await call(open(), 'Scan', { TableName: 'Orders', Select: 'COUNT' })).toMatchObject({ Count: 1 })
  })

  test('takes no requests once it is closed, and closes once', async () => {
    const engine = open()
    await engine.close()
    await engine.close()
    await expect(call(engine, 'ListTables', {})).rejects.toMatchObject({ name: 'ServiceUnavailable' })
  })
})

describe('the file of an engine', () => {
  /** A file with some writes, and its length after each of them. */
  async function written(): Promise<number[]> {
    const engine = open()
    await createTable(engine)
    const lengths: number[] = []
    for (let id = 0; id < 5; id += 1) {
      await put(engine, String(id))
      lengths.push(statSync(file).size)
    }
    await engine.close()
    return lengths
  }
  const count = async (engine: Engine): Promise<unknown> =>
    (await call(engine, 'Scan', { TableName: 'Orders', Select: 'COUNT' })).Count

  test('that ends within a write has everything before it', async () => {
    const lengths = await written()
    const bytes = readFileSync(file)
    for (let length = lengths[3]! + 1; length < lengths[4]!; length += 7) {
      writeFileSync(file, bytes.subarray(0, length))
      const engine = open()
      expect(await count(engine)).toBe(4)
      await put(engine, 'more')
      await engine.close()
      const again = open()
      expect(await count(again)).toBe(5)
      await again.close()
    }
  })

  test('that ends with what the file system filled up is whole', async () => {
    await written()
    appendFileSync(file, Buffer.alloc(5000))
    expect(await count(open())).toBe(5)
  })

  test('that is damaged in the middle is refused, and left as it is', async () => {
    const lengths = await written()
    for (const at of [lengths[1]! + 1, lengths[1]! + 20]) {
      const bytes = readFileSync(file)
      bytes[at] = bytes[at]! ^ 0xff
      const damaged = path.join(folder, 'damaged.log')
      writeFileSync(damaged, bytes)
      expect(() => createEngine({ file: damaged })).toThrow(`is damaged at byte ${String(lengths[1])}.`)
      expect(readFileSync(damaged)).toEqual(bytes)
      expect(existsSync(`${damaged}.lock`)).toBe(false)
    }
  })

  test('that is something else is refused', () => {
    writeFileSync(file, 'precious')
    expect(() => open()).toThrow('is no log of dynakit-local')
    expect(readFileSync(file, 'utf8')).toBe('precious')
  })

  test('that was begun only is empty', async () => {
    writeFileSync(file, 'dynakit-')
    const engine = open()
    expect(await call(engine, 'ListTables', {})).toEqual({ TableNames: [] })
    await createTable(engine)
  })

  test('belongs to one engine at a time', async () => {
    const engine = open()
    expect(() => open()).toThrow(`is in use by process ${String(process.pid)}`)
    await engine.close()
    open()
  })

  test('of a process that is gone is free', async () => {
    // Nobody has it; somebody has the number of whoever had it, but that is somebody else.
    for (const holder of [
      '999999999 1',
      `${String(process.pid)} 1`,
      `${String(process.ppid)} 1`,
      'nonsense',
      '',
    ]) {
      writeFileSync(`${file}.lock`, holder)
      await open().close()
    }
  })

  test.runIf(process.platform === 'linux')(
    'that cannot be written ends the engine, and nothing is answered that is not kept',
    async () => {
      const engine = open()
      await createTable(engine)
      await put(engine, 'a')
      const descriptors = readdirSync('/proc/self/fd').filter((name) =>
        pointsTo(`/proc/self/fd/${name}`, file),
      )
      expect(descriptors).toHaveLength(1)
      // A full disk takes its place.
      closeSync(Number(descriptors[0]))
      expect(openSync('/dev/full', 'a')).toBe(Number(descriptors[0]))
      await expect(put(engine, 'b')).rejects.toMatchObject({
        name: 'InternalServerError',
        statusCode: 500,
        message: expect.stringContaining('cannot be written') as string,
      })
      await expect(count(engine)).rejects.toMatchObject({ name: 'InternalServerError' })
      await engine.close()
      expect(await count(open())).toBe(1)
    },
  )
})

function pointsTo(link: string, target: string): boolean {
  try {
    return readlinkSync(link) === target
  } catch {
    return false
  }
}

describe('a process that is killed', () => {
  const program = fileURLToPath(new URL('write-and-report.ts', import.meta.url))

  /** Runs the program until it is killed, and gives the ids of the writes that were answered. */
  async function runAndKill(first: number, milliseconds: number): Promise<number[]> {
    const child = spawn(process.execPath, ['--import', 'tsx', program, file, String(first)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output === '') setTimeout(() => child.kill('SIGKILL'), milliseconds)
      output += text
    })
    const ended = await new Promise((resolve) => {
      child.once('close', (_code, signal) => {
        resolve(signal)
      })
    })
    expect(ended).toBe('SIGKILL')
    // The last line may be cut off; then its write was answered all the same, but nobody knows.
    return output.split('\n').slice(0, -1).map(Number)
  }

  test('loses no write that was answered, and has none of which half is there', async () => {
    let next = 0
    const answered: number[] = []
    for (const milliseconds of [30, 100, 250, 60]) {
      answered.push(...(await runAndKill(next, milliseconds)))
      const engine = open()
      const ids = new Set<number>()
      let start: unknown
      do {
        const page: { Items: { id: { N: string }; writes?: { N: string } }[]; LastEvaluatedKey?: unknown } =
          await call(engine, 'Scan', { TableName: 'Writes', ExclusiveStartKey: start })
        for (const { id } of page.Items) ids.add(Number(id.N))
        start = page.LastEvaluatedKey
      } while (start !== undefined)
      expect(answered.filter((id) => !ids.has(id))).toEqual([])
      const { Item } = await call<{ Item: { writes: { N: string } } }>(engine, 'GetItem', {
        TableName: 'Writes',
        Key: { id: { N: '-1' } },
      })
      expect(Number(Item.writes.N)).toBe(ids.size - 1)
      next = Math.max(...ids) + 1
      await engine.close()
    }
    expect(answered.length).toBeGreaterThan(100)
  }, 60_000)
})
