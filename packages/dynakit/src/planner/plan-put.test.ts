import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { describeCondition } from '../expressions/describe.ts'
import { fieldCondition } from '../expressions/condition.ts'
import { putItem } from '../operations/write/put-item.ts'
import type { AppItem, CompiledEntity } from '../schema/compiled-entity.ts'
import { defineEntity } from '../schema/entity.ts'
import { defineTable } from '../schema/table.ts'
import { planPut, type PlannedPut } from './plan-put.ts'
import type { WriteRequest } from './write-options.ts'

const table = defineTable({
  name: 'Things',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'number' },
})
const attributes = { id: z.string(), at: z.number(), status: z.string().optional() }
const key = { partitionKey: 'X#{id}', sortKey: '{at}' } as const
const plain = defineEntity({ name: 'Plain', table, attributes, key })['~compiled']
const kept = defineEntity({
  name: 'Kept',
  table,
  attributes,
  key: { partitionKey: 'Y#{id}', sortKey: '{at}' },
  timestamps: true,
  version: true,
})['~compiled']

const now = new Date('2026-05-06T07:08:09.010Z')
const request: WriteRequest = { conditions: [], returnOld: false, returnItemOnConditionFailure: false }
const where = { ...request, conditions: [fieldCondition('status', '=', 'open')] }
const plan = (entity: CompiledEntity, item: AppItem, mode: 'create' | 'put', asked = request): PlannedPut =>
  planPut(entity, { id: 'a', at: 1, ...item }, mode, asked, now) as PlannedPut
const condition = (planned: PlannedPut) => planned.plan.condition && describeCondition(planned.plan.condition)

describe('the condition', () => {
  test.each<[string, CompiledEntity, AppItem, 'create' | 'put', string | undefined, string]>([
    ['a put', plain, {}, 'put', undefined, 'status = ?'],
    ['a creation', plain, {}, 'create', 'pk not_exists', 'status = ? and pk not_exists'],
    ['a first put with version', kept, {}, 'put', 'pk not_exists', 'status = ? and pk not_exists'],
    ['a put with version', kept, { version: 3 }, 'put', 'version = ?', 'status = ? and version = ?'],
    [
      'a creation with version',
      kept,
      { version: 3 },
      'create',
      'pk not_exists',
      'status = ? and pk not_exists',
    ],
  ])('of %s', (_name, entity, item, mode, alone, withWhere) => {
    for (let round = 0; round < 2; round++) {
      expect(condition(plan(entity, item, mode))).toBe(alone)
      expect(condition(plan(entity, item, mode, where))).toBe(withWhere)
    }
  })

  test('is that of the version read', () => {
    const { plan: put } = plan(kept, { version: 3 }, 'put')
    expect(putItem.toInput(put, { tablePrefix: '', capacityDetail: 'none' })).toMatchObject({
      ConditionExpression: '#n0 = :v0',
      ExpressionAttributeValues: { ':v0': 3 },
      Item: { version: 4 },
    })
    expect(() => plan(kept, { version: 1.5 }, 'put')).toThrow('whole number')
  })
})

test('keys, timestamps and version are stored; times as text', () => {
  const createdAt = new Date('2020-02-29T23:59:59.999Z')
  const { plan: put, item } = plan(kept, { createdAt, version: 1 }, 'put')
  expect(put.item).toStrictEqual({
    id: 'a',
    at: 1,
    createdAt: '2020-02-29T23:59:59.999Z',
    updatedAt: '2026-05-06T07:08:09.010Z',
    version: 2,
    pk: 'Y#a',
    sk: 1,
    _entity: 'Kept',
  })
  expect(item).toStrictEqual({ id: 'a', at: 1, createdAt, updatedAt: now, version: 2 })
  expect(plan(kept, { createdAt }, 'create').item).toMatchObject({ createdAt: now, version: 1 })
})
