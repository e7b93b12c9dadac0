import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineEntity, type Entity } from '../schema/entity.ts'
import { defineTable } from '../schema/table.ts'
import { collectEntities } from './collect-entities.ts'

const table = defineTable({ name: 'Shop', partitionKey: { name: 'pk', type: 'string' } })
const make = (name: string): Entity =>
  defineEntity({
    name,
    table,
    attributes: { id: z.string() },
    key: { partitionKey: `${name}#{id}` },
  })
const Order = make('Order')
const Customer = make('Customer')

class Service {
  readonly entity = Order
  get broken(): never {
    throw new Error('looked at')
  }
}

describe('entities are found', () => {
  test.each<[string, unknown, readonly Entity[]]>([
    ['by themselves', { Order, Customer }, [Order, Customer]],
    ['as the default export', { default: Order }, [Order]],
    ['in arrays', { entities: [Order, [Customer]] }, [Order, Customer]],
    ['in objects', { default: { shop: { entities: { Order, Customer } } } }, [Order, Customer]],
    ['once', { Order, all: [Customer, Order], default: { Order } }, [Order, Customer]],
    ['in a namespace', { shop: Object.assign(Object.create(null) as object, { Order }) }, [Order]],
    ['of another copy of the package', { Copy: { ...Order } }, [{ ...Order }]],
  ])('%s', (_how, exported, expected) => {
    expect(collectEntities(exported)).toEqual(expected)
  })
})

describe('nothing is found', () => {
  test.each<[string, unknown]>([
    ['in other values', { a: 1, b: 'Order', c: null, d: undefined, e: () => Order, f: Symbol('x'), table }],
    ['in what only looks like one', { fake: { name: 'Order', table: {}, '~compiled': {} } }],
    [
      'in instances of classes, which are not looked into',
      { service: new Service(), map: new Map([[1, Order]]) },
    ],
    ['far below', { a: { b: { c: { d: { Order } } } } }],
  ])('%s', (_where, exported) => {
    expect(collectEntities(exported)).toEqual([])
  })

  test('twice in what contains itself', () => {
    const loop: { Order: Entity; self?: unknown } = { Order }
    loop.self = loop
    expect(collectEntities(loop)).toEqual([Order])
  })
})
