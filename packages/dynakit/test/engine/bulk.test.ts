import {
  BatchIncompleteError,
  ConfigurationError,
  createAdapter,
  Decimal,
  defineEntity,
  defineTable,
  type DynamoDBAdapter,
  exportFile,
  exportItems,
  importFile,
  importItems,
  isoDate,
  type NativeItem,
  ValidationError,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import { spawn } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { writeItem } from '../../src/codec/write-json.ts'
import { ScriptedTable } from '../scripted-table.ts'
import { failure } from './shop.ts'

/** `DYNAKIT_BULK_ITEMS=100000` for the full number. */
const count = Number(process.env.DYNAKIT_BULK_ITEMS ?? '4000')

const Bulk = defineTable({ name: 'Bulk', partitionKey: { name: 'id', type: 'string' } })
const Small = defineTable({
  name: 'Small',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
})
const Event = defineEntity({
  name: 'Event',
  table: Small,
  attributes: { day: z.string(), id: z.string(), at: isoDate().optional(), n: z.number().optional() },
  key: { partitionKey: 'DAY#{day}', sortKey: 'EVENT#{id}' },
})

let tables: TestTables
let db: DynamoDBAdapter
let folder: string
beforeAll(async () => {
  tables = await createTestTables(Bulk, Small)
  db = createAdapter(tables.clientConfig)
  folder = mkdtempSync(path.join(tmpdir(), 'dynakit-bulk-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await db.close()
  await tables.drop()
})

function anItem(at: number): NativeItem {
  return {
    id: `item-${String(at)}`,
    n: at,
    big: 2n ** 70n + BigInt(at),
    exact: Decimal.from(`0.1234567890123456789${String(at)}`),
    bytes: new Uint8Array([at % 256, 0, 255]),
    tags: new Set(['a', `t${String(at % 7)}`]),
    nested: { list: [1, 'two', null, true], text: 'ä"\n\u2028' },
    pad: 'x'.repeat(700),
  }
}

function* lines(): Generator<string> {
  for (let at = 0; at < count; at++) yield `{"Item":${writeItem(anItem(at))}}\n`
}

interface Said {
  readonly position?: number
  readonly items?: number
  readonly written?: number
  readonly rss: number
}

/** Runs a job in a process of its own, and kills it when it is so far. */
async function run(
  job: 'import' | 'export',
  file: string,
  killAt = Number.POSITIVE_INFINITY,
): Promise<{ readonly said: readonly Said[]; readonly signal: string | null }> {
  const program = fileURLToPath(new URL('bulk-program.ts', import.meta.url))
  const config = JSON.stringify(tables.clientConfig)
  const child = spawn(
    process.execPath,
    ['--no-warnings', '--import', 'tsx', program, job, file, 'Bulk', config],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const said: Said[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as Said
    said.push(message)
    if ((message.position ?? 0) >= killAt) child.kill('SIGKILL')
  })
  const signal = await new Promise<string | null>((resolve) => {
    child.once('close', (_code, by) => {
      resolve(by)
    })
  })
  return { said, signal }
}

/** How often each item is in a file, whatever the order of its attributes and of the members of its sets. */
async function itemsOf(file: string): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { Item } = JSON.parse(line) as { Item: Record<string, Record<string, unknown>> }
    const values = Object.entries(Item).map(([name, value]) => {
      const { SS } = value
      return [name, SS ? { SS: [...(SS as string[])].sort() } : value]
    })
    const text = JSON.stringify(values.sort())
    found.set(text, (found.get(text) ?? 0) + 1)
  }
  return found
}

describe('many items, killed midway', () => {
  test('are all stored, and all in the export, once', { timeout: 600_000 }, async ({ annotate }) => {
    const source = path.join(folder, 'source.jsonl')
    const copy = path.join(folder, 'copy.jsonl')
    await pipeline(Readable.from(lines()), createWriteStream(source))

    const cutImport = await run('import', source, count / 3)
    expect(cutImport.signal).toBe('SIGKILL')
    expect(existsSync(`${source}.checkpoint`)).toBe(true)
    const restOfImport = await run('import', source)
    expect(restOfImport.signal).toBeNull()
    const imported = restOfImport.said.at(-1)
    expect(imported?.position).toBe(count)
    expect(imported?.written).toBeLessThan(count)
    expect(imported?.written).toBeGreaterThan(0)
    expect(existsSync(`${source}.checkpoint`)).toBe(false)

    const cutExport = await run('export', copy, count / 2)
    expect(cutExport.signal).toBe('SIGKILL')
    expect(existsSync(`${copy}.checkpoint`)).toBe(true)
    const resumedAt = (JSON.parse(readFileSync(`${copy}.checkpoint`, 'utf8')) as { state: Said }).state.items
    expect(resumedAt).toBeGreaterThan(0)
    const restOfExport = await run('export', copy)
    expect(restOfExport.said[0]?.position).toBeGreaterThan(resumedAt ?? 0)
    expect(restOfExport.said.at(-1)?.items).toBe(count)
    expect(await itemsOf(copy)).toEqual(await itemsOf(source))

    for (const { said } of [restOfImport, restOfExport]) {
      const early = Math.max(...said.slice(0, Math.ceil(said.length / 2)).map(({ rss }) => rss))
      const late = Math.max(...said.map(({ rss }) => rss))
      await annotate(`peak RSS ${String(late)} MB, ${String(early)} MB in the first half`)
      expect(late).toBeLessThan(early * 1.5 + 30)
    }
  })
})

describe('exportItems', () => {
  test('gives pages as text, and goes on after any of them', async () => {
    const events = db.repository(Event)
    const at = new Date('2026-02-03T04:05:06.007Z')
    await events.putMany(Array.from({ length: 40 }, (_, n) => ({ day: 'd', id: `e${String(n)}`, n, at })))
    const query = events.query().where('day', '=', 'd').pageSize(7)
    let text = ''
    let next: Parameters<typeof query.after>[0]
    for (let isDone = false; !isDone;) {
      for await (const chunk of exportItems(query.after(next), { format: 'json' })) {
        text += chunk.text
        next = chunk.cursor
        isDone = next === undefined
        break
      }
    }
    const items = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { n: number })
    expect(items.map(({ n }) => n).sort((one, other) => one - other)).toEqual(
      Array.from({ length: 40 }, (_, n) => n),
    )
    expect(items.find(({ n }) => n === 3)).toEqual({ day: 'd', id: 'e3', n: 3, at: at.toISOString() })

    let stored = ''
    for await (const chunk of exportItems(query.take(1))) stored += chunk.text
    expect(JSON.parse(stored)).toEqual({
      Item: expect.objectContaining({ pk: { S: 'DAY#d' }, _entity: { S: 'Event' } }) as unknown,
    })
  })

  test('keeps to a rate, where the adapter learns what is consumed', async () => {
    const table = db.table('Small')
    const stored = Array.from({ length: 30 }, (_, at) => ({
      pk: `slow${String(at)}`,
      sk: '1',
      pad: 'x'.repeat(4000),
    }))
    await table.putMany(stored)
    const query = table.query().where('pad', 'exists').allowScan({ segments: 3 }).consistent()
    const started = performance.now()
    let items = 0
    let units = 0
    for await (const chunk of exportItems(query, { maxUnitsPerSecond: 40 })) {
      items += chunk.items
      units = chunk.capacity.readUnits
    }
    expect(items).toBe(30)
    // The first fifth of a second's units are there from the start.
    expect((performance.now() - started) / 1000).toBeGreaterThan(Math.min(units, 60) / 40 - 0.5)
    const blind = createAdapter({ ...tables.clientConfig, capacityDetail: 'none' })
    const pages = blind.table('Bulk').query().allowScan().pages({ maxUnitsPerSecond: 1 })
    const error = await failure(async () => {
      for await (const page of pages) expect(page).toBeUndefined()
    })
    expect(error).toMatchObject({ field: 'maxUnitsPerSecond' })
    await table.deleteMany(stored.map(({ pk, sk }) => ({ pk, sk })))
    await blind.close()
  })

  test('refuses to lose types, by the name of the field and without its value', async () => {
    await db.table('Small').put({ pk: 'lossy', sk: '1', secret: 2n ** 80n })
    const query = db.table('Small').query().where('pk', '=', 'lossy')
    const error = await failure(async () => {
      for await (const chunk of exportItems(query, { format: 'json' })) expect(chunk).toBeUndefined()
    })
    expect(error).toMatchObject({ rule: 'json-type', field: 'secret', valueType: 'bigint' })
    expect(error.message).not.toContain(String(2n ** 80n))
  })

  test('refuses to go on with another query, and with a file that is no checkpoint', async () => {
    const file = path.join(folder, 'other.jsonl')
    await writeFile(file, '')
    await writeFile(`${file}.checkpoint`, '{"kind":"import","state":{"position":1}}')
    const query = db.table('Small').query().allowScan()
    expect(ConfigurationError.is(await failure(() => exportFile(query, file)))).toBe(true)
    const state = { cursor: 'nonsense', items: 0, bytes: 0, isDone: false }
    await writeFile(`${file}.checkpoint`, JSON.stringify({ kind: 'export', state }))
    expect(await failure(() => exportFile(query, file))).toMatchObject({ code: 'InvalidCursor' })
    const longer = { ...state, bytes: 5 }
    await writeFile(`${file}.checkpoint`, JSON.stringify({ kind: 'export', state: longer }))
    const error = await failure(() => exportFile(query, file))
    expect(ConfigurationError.is(error)).toBe(true)
    expect(error.message).toContain('has 0 bytes, and had 5')
  })

  test('has nothing to write for an empty table', async () => {
    const file = path.join(folder, 'empty.jsonl')
    const query = db.table('Small').query().where('pk', '=', 'nobody')
    expect(await exportFile(query, file)).toMatchObject({ items: 0, bytes: 0 })
    expect(readFileSync(file, 'utf8')).toBe('')
    expect(existsSync(`${file}.checkpoint`)).toBe(false)
  })
})

describe('importItems', () => {
  test('reads text cut anywhere, in either format, and maps it to items of an entity', async () => {
    const text = '{"day":"j","id":"ä","n":1}\r\n\n{"day":"j","id":"b","n":2}'
    const pieces = [...Buffer.from(text)].map((byte) => Uint8Array.of(byte))
    const events = db.repository(Event)
    const result = await importItems(events, pieces, {
      format: 'json',
      map: (item) => ({ ...item, day: 'j2' }) as never,
    })
    expect(result).toEqual({ written: 2, position: 2 })
    expect(
      await events.getMany([
        { day: 'j2', id: 'ä' },
        { day: 'j2', id: 'b' },
      ]),
    ).toMatchObject([{ n: 1 }, { n: 2 }])
  })

  test('reads a compressed export as DynamoDB writes it', async () => {
    const file = path.join(folder, 'export.json.gz')
    const item = { pk: 'gz', sk: '1', set: new Set([1, 2n ** 70n]), bytes: new Uint8Array([1, 2]) }
    await writeFile(file, gzipSync(`{"Item": ${writeItem(item)}}\n`))
    expect(await importFile(db.table('Small'), file)).toEqual({ written: 1, position: 1 })
    expect(await db.table('Small').get({ pk: 'gz', sk: '1' })).toEqual(item)
  })

  test.each([
    ['no JSON', 'dynamodb', 'hunter2', 'import-line'],
    ['no item', 'dynamodb', '{"Key":{}}', 'import-line'],
    ['a type nobody knows', 'dynamodb', '{"Item":{"pk":{"XX":"hunter2"}}}', 'unknown-type'],
    ['a list', 'json', '["hunter2"]', 'import-line'],
  ] as const)('names the line that is %s', async (_, format, bad, rule) => {
    const good = format === 'json' ? '{"pk":"l","sk":"1"}' : `{"Item":${writeItem({ pk: 'l', sk: '1' })}}`
    const error = await failure(() => importItems(db.table('Small'), [`${good}\n${bad}\n`], { format }))
    expect(ValidationError.is(error)).toBe(true)
    expect(error).toMatchObject({ field: 'lines[1]', rule })
    expect(error.message).not.toContain('hunter2')
  })

  test('tells up to where all is stored, and goes on from there', async () => {
    const text = Array.from({ length: 100 }, (_, at) => `{"id":"t${String(at)}","n":${String(at)}}\n`)
    let isFull = true
    const table = new ScriptedTable(({ members }) => (isFull ? members.filter(({ id }) => id === 't60') : []))
    const things = createAdapter({ transport: table }).table(Bulk)
    const positions: number[] = []
    const options = { format: 'json', maxIdleRounds: 2, concurrency: 1 } as const
    const onCheckpoint = (position: number): number => positions.push(position)
    const error = await failure(() => importItems(things, text, { ...options, onCheckpoint }))
    expect(BatchIncompleteError.is(error)).toBe(true)
    expect(positions.at(-1)).toBe(60)
    isFull = false
    const result = await importItems(things, text, { ...options, skip: 60, onCheckpoint })
    expect(result).toEqual({ written: 40, position: 100 })
    expect(positions.at(-1)).toBe(100)
    expect(table.items.size).toBe(100)
  })

  test('does not go on with another file', async () => {
    const file = path.join(folder, 'changed.jsonl')
    await writeFile(file, '{"id":"x"}\n')
    await writeFile(`${file}.checkpoint`, '{"kind":"import","state":{"position":1,"size":99}}')
    const error = await failure(() => importFile(db.table('Bulk'), file, { format: 'json' }))
    expect(ConfigurationError.is(error)).toBe(true)
    expect(error.message).toContain('is of another file')
  })
})
