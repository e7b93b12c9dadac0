import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TableDefinition } from '../tables/table-definition.ts'
import type { Item } from '../values/attribute-value.ts'
import { itemSize } from '../values/size.ts'
import { Database, type Slot } from './database.ts'
import { partitionHash } from './sort-text.ts'
import type { ItemPosition } from './stored-item.ts'

const key = (name: string): { name: string; type: 'S' } => ({ name, type: 'S' })

const definition: TableDefinition = {
  name: 'Things',
  id: 'id',
  arn: 'arn',
  createdAt: 0,
  key: { partition: [key('pk')], sort: [key('sk')] },
  attributes: [key('pk'), key('sk'), key('g')],
  indexes: [
    {
      name: 'byG',
      kind: 'global',
      key: { partition: [key('g')], sort: [] },
      projection: { type: 'INCLUDE', attributes: ['x'] },
    },
  ],
  billingMode: 'PAY_PER_REQUEST',
  throughput: { read: 0, write: 0 },
  isDeletionProtected: false,
  tags: [],
}

const positionOf = (pk: string, sk: string): ItemPosition => ({
  hash: partitionHash(pk),
  partition: pk,
  sort: sk,
})

function write(database: Database, pk: string, sk: string, rest?: Item): void {
  const table = database.tableForWrite('Things')
  table.apply(table.plan(positionOf(pk, sk), rest && { pk: { S: pk }, sk: { S: sk }, ...rest }))
}

const itemsOf = (database: Database): Item[] =>
  [...(database.table('Things')?.items.entries() ?? [])].map(({ item }) => item)

describe('a table', () => {
  test('keeps its sizes and indexes with every write', () => {
    const change = fc.record({
      pk: fc.constantFrom('a', 'b', 'c'),
      sk: fc.constantFrom('1', '2', '3'),
      item: fc.option(
        fc.record(
          { g: fc.constantFrom('g1', 'g2'), x: fc.constantFrom('x', 'y'), y: fc.constantFrom('p', 'q') },
          { requiredKeys: [] },
        ),
      ),
    })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const database = new Database()
        database.addTable(definition)
        const model = new Map<string, Item>()
        for (const { pk, sk, item } of changes) {
          const rest = item && Object.fromEntries(Object.entries(item).map(([name, S]) => [name, { S }]))
          write(database, pk, sk, rest ?? undefined)
          if (rest) model.set(pk + sk, { pk: { S: pk }, sk: { S: sk }, ...rest })
          else model.delete(pk + sk)
        }
        const table = database.table('Things')!
        const items = [...model.values()]
        expect(itemsOf(database)).toHaveLength(items.length)
        expect(itemsOf(database)).toEqual(expect.arrayContaining(items))
        expect(table.sizeBytes).toBe(items.reduce((sum, item) => sum + itemSize(item), 0))
        const index = table.indexes.get('byG')!
        const indexed = items.filter((item) => 'g' in item)
        const entries = [...index.entries.entries()]
        expect(entries.map(({ base }) => base.item)).toEqual(expect.arrayContaining(indexed))
        expect(entries).toHaveLength(indexed.length)
        const projected = indexed.map(({ y: _y, ...rest }) => itemSize(rest as Item))
        expect(index.sizeBytes).toBe(projected.reduce((sum, size) => sum + size, 0))
      }),
    )
  })

  test('says what a write changes in its indexes: nothing when they hold nothing of it', () => {
    const database = new Database()
    database.addTable(definition)
    write(database, 'a', '1', { g: { S: 'g' }, x: { S: 'x' }, y: { S: 'y' } })
    const table = database.tableForWrite('Things')
    const planned = (rest: Item): number =>
      table.plan(positionOf('a', '1'), { pk: { S: 'a' }, sk: { S: '1' }, ...rest }).indexChanges.length
    expect(planned({ g: { S: 'g' }, x: { S: 'x' }, y: { S: 'other' } })).toBe(0)
    expect(planned({ g: { S: 'g' }, x: { S: 'other' }, y: { S: 'y' } })).toBe(1)
    expect(planned({ x: { S: 'x' } })).toBe(1)
    expect(table.plan(positionOf('b', '1'), undefined).indexChanges).toEqual([])
  })

  test('fills indexes that are added, and drops those that are taken away', () => {
    const database = new Database()
    database.addTable({ ...definition, indexes: [] })
    write(database, 'a', '1', { g: { S: 'g' } })
    write(database, 'a', '2', { g: { N: '1' } })
    database.tableForWrite('Things').define(definition)
    expect(database.table('Things')!.indexes.get('byG')!.entries.size).toBe(1)
    database.tableForWrite('Things').define({ ...definition, indexes: [] })
    expect(database.table('Things')!.indexes.size).toBe(0)
  })
})

describe('a copy of a database', () => {
  test('goes its own way, and so does the original', () => {
    const database = new Database()
    database.addTable(definition)
    for (let at = 0; at < 500; at += 1) write(database, `p${String(at % 7)}`, String(at), { g: { S: 'g' } })
    const copy = database.copy()
    write(copy, 'p1', '1', { g: { S: 'changed' } })
    write(database, 'p2', '2')
    copy.removeTable('Other')
    copy.addTable({ ...definition, name: 'Other' })
    expect(itemsOf(copy)).toHaveLength(500)
    expect(itemsOf(database)).toHaveLength(499)
    expect(itemsOf(copy).filter(({ g }) => g && 'S' in g && g.S === 'changed')).toHaveLength(1)
    expect(itemsOf(database).some(({ g }) => g && 'S' in g && g.S === 'changed')).toBe(false)
    expect(database.tableNames).toEqual(['Things'])
    expect(copy.tableNames).toEqual(['Other', 'Things'])
  })

  test('can be gone back to, again and again', () => {
    const database = new Database()
    database.addTable(definition)
    write(database, 'a', '1', {})
    const saved = database.copy()
    for (let round = 0; round < 3; round += 1) {
      write(database, 'b', '1', {})
      write(database, 'a', '1')
      expect(itemsOf(database)).toHaveLength(1)
      database.become(saved)
      expect(itemsOf(database)).toEqual([{ pk: { S: 'a' }, sk: { S: '1' } }])
    }
  })

  test('has the slots as they were', () => {
    const slot: Slot<number> = { name: 'count', initial: () => 0 }
    const database = new Database()
    database.set(slot, 1)
    const copy = database.copy()
    copy.set(slot, 2)
    expect([database.get(slot), copy.get(slot), new Database().get(slot)]).toEqual([1, 2, 0])
  })

  test('costs nothing, however much there is', () => {
    const database = new Database()
    database.addTable(definition)
    for (let at = 0; at < 20_000; at += 1) write(database, `p${String(at)}`, '1', {})
    const started = performance.now()
    for (let copy = 0; copy < 1000; copy += 1) database.copy()
    expect(performance.now() - started).toBeLessThan(500)
  })
})
