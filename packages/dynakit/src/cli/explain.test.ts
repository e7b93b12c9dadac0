import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { accessPatternsOf } from '../planner/access-patterns.ts'
import { defineEntity } from '../schema/entity.ts'
import { defineTable } from '../schema/table.ts'
import { CommandError } from './command-error.ts'
import { explainExports } from './explain.ts'

const table = defineTable({ name: 'Shop', partitionKey: { name: 'pk', type: 'string' } })
const attributes = { id: z.string() }
const Order = defineEntity({ name: 'Order', table, attributes, key: { partitionKey: 'O#{id}' } })
const Customer = defineEntity({ name: 'Customer', table, attributes, key: { partitionKey: 'C#{id}' } })
const exported = { Order, Customer, table }

describe('explains', () => {
  test('all entities, as text', () => {
    expect(explainExports('shop.js', exported, {})).toBe(
      String(accessPatternsOf([Order['~compiled'], Customer['~compiled']])),
    )
  })

  test('those named, in the order of the module', () => {
    const text = explainExports('shop.js', exported, { entity: ['Customer'] })
    expect(text).toBe(String(accessPatternsOf([Customer['~compiled']])))
    expect(explainExports('shop.js', exported, { entity: ['Customer', 'Order'] })).toBe(
      explainExports('shop.js', exported, {}),
    )
  })

  test('as JSON', () => {
    const json = JSON.parse(explainExports('shop.js', exported, { json: true })) as unknown
    expect(json).toMatchObject({ entities: [{ entity: 'Order', tableName: 'Shop' }, { entity: 'Customer' }] })
  })
})

describe('says what is missing', () => {
  test.each([
    [
      exported,
      { entity: ['Order', 'Invoice'] },
      `'shop.js' exports no entity 'Invoice'. It exports: Order, Customer.`,
    ],
    [
      { table, db: 1 },
      {},
      `'shop.js' exports no entities (it exports: table, db). Export what defineEntity returns.`,
    ],
    [{}, {}, `'shop.js' exports no entities (it exports: nothing). Export what defineEntity returns.`],
  ])('%#', (given, options, message) => {
    expect(() => explainExports('shop.js', given, options)).toThrow(new CommandError(message))
  })
})
