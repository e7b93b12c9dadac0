import { expect, test } from 'vitest'
import { CapacityMeter } from './capacity.ts'

test('sums reads and writes, by table and index', () => {
  const meter = new CapacityMeter()
  meter.add({}, true)
  meter.add({ ConsumedCapacity: { TableName: 'Shop', CapacityUnits: 0.5 } }, true)
  meter.add(
    {
      ConsumedCapacity: {
        TableName: 'Shop',
        CapacityUnits: 3,
        Table: { CapacityUnits: 1 },
        GlobalSecondaryIndexes: { byStatus: { CapacityUnits: 1 } },
        LocalSecondaryIndexes: { local: { CapacityUnits: 1 } },
      },
    },
    false,
  )
  meter.add(
    { ConsumedCapacity: [{ TableName: 'A', CapacityUnits: 1 }, { TableName: 'B', CapacityUnits: 2 }, {}] },
    true,
  )
  expect(meter.snapshot()).toEqual({ readUnits: 3.5, writeUnits: 3, requests: 4 })
  expect(Object.fromEntries(meter.byResource)).toEqual({
    Shop: 1.5,
    'Shop/byStatus': 1,
    'Shop/local': 1,
    A: 1,
    B: 2,
    '': 0,
  })
})
