import {
  CapacityMeter,
  createAdapter,
  defineTable,
  type DynamoDBAdapter,
  type NativeItem,
  type NativeValue,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { itemSize, maximumItemBytes } from '../../src/codec/item-size.ts'
import { anyValue } from '../arbitrary-values.ts'
import { propertyRuns } from '../property-runs.ts'

const Sizes = defineTable({ name: 'Sizes', partitionKey: { name: 'id', type: 'number' } })

let tables: TestTables
let db: DynamoDBAdapter
beforeAll(async () => {
  tables = await createTestTables(Sizes)
  db = createAdapter({ ...tables.clientConfig, table: Sizes })
})
afterAll(async () => {
  await db.close()
  await tables.drop()
})

/** DynamoDB refuses empty names inside maps, and that is not what is looked at here. */
function hasNames(value: NativeValue): boolean {
  if (Array.isArray(value)) return value.every(hasNames)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return true
  return Object.entries(value).every(([name, member]) => name !== '' && hasNames(member as NativeValue))
}

/** Fills an item up to a size. */
function padded(item: NativeItem, bytes: number): NativeItem {
  const missing = bytes - itemSize({ ...item, pad: '' }).bytes
  return { ...item, pad: 'x'.repeat(missing) }
}

async function writeUnits(item: NativeItem): Promise<number> {
  const capacity = new CapacityMeter()
  await db.put(item, { capacity })
  return capacity.writeUnits
}

async function readUnits(key: NativeItem): Promise<number> {
  const capacity = new CapacityMeter()
  await db.get(key, { capacity, consistent: true })
  return capacity.readUnits
}

test('is the one DynamoDB counts capacity by: exactly at the end of a unit, and one byte beyond', async () => {
  let id = 1
  await fc.assert(
    fc.asyncProperty(fc.array(anyValue.filter(hasNames), { maxLength: 3 }), async (values) => {
      id += 2
      const { bytes } = itemSize({ id, values, pad: '' })
      const writes = Math.ceil(bytes / 1024)
      expect(await writeUnits(padded({ id, values }, writes * 1024))).toBe(writes)
      expect(await writeUnits(padded({ id: id + 1, values }, writes * 1024 + 1))).toBe(writes + 1)
      const reads = Math.ceil(bytes / 4096)
      await db.put(padded({ id, values }, reads * 4096))
      expect(await readUnits({ id })).toBe(reads)
      await db.put(padded({ id, values }, reads * 4096 + 1))
      expect(await readUnits({ id })).toBe(reads + 1)
    }),
    propertyRuns(80),
  )
})

test('may be 400 KB and no more', async () => {
  expect(await writeUnits(padded({ id: 0 }, maximumItemBytes))).toBe(400)
  await expect(db.put(padded({ id: 0 }, maximumItemBytes + 1))).rejects.toMatchObject({ rule: 'service' })
})
