import type { StandardSchemaV1 } from '@standard-schema/spec'
import * as v from 'valibot'
import { type } from 'arktype'
import { assertType, describe, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import {
  attributeCodec,
  createAdapter,
  type Decimal,
  defineEntity,
  defineTable,
  type EntityInput,
  type EntityItem,
  type EntityKey,
  epochSeconds,
  type Explanation,
  isoDate,
  type NativeItem,
  Repository,
  type StandardSchema,
} from './index.ts'

const table = defineTable({
  name: 'Shop',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
  indexes: {
    gsi1: { type: 'global', partitionKey: { name: 'gsi1pk', type: 'string' } },
    multi: {
      type: 'global',
      partitionKey: [
        { name: 'a', type: 'string' },
        { name: 'b', type: 'string' },
      ],
    },
  },
})
const Order = defineEntity({
  name: 'Order',
  table,
  attributes: {
    customerId: z.string(),
    orderId: z.string(),
    status: z.enum(['pending', 'paid']),
    total: z.number(),
    count: z.bigint().optional(),
    placedAt: isoDate(),
    expiresAt: epochSeconds().optional(),
    region: z.string().default('eu'),
    labels: z.set(z.string()).optional(),
    lines: z.array(z.object({ sku: z.string(), quantity: z.number() })),
    address: z.object({ city: z.string(), geo: z.object({ lat: z.number() }).optional() }).optional(),
    note: z.string().nullable(),
    active: z.boolean(),
    bytes: z.instanceof(Uint8Array),
  },
  key: { partitionKey: 'C#{customerId}', sortKey: 'O#{orderId}' },
  indexes: { gsi1: { partitionKey: 'S#{status}' } },
  timestamps: true,
  version: true,
})
type Order = EntityItem<typeof Order>
const Customer = defineEntity({
  name: 'Customer',
  table,
  attributes: { customerId: z.string(), name: z.string() },
  key: { partitionKey: 'C#{customerId}', sortKey: 'PROFILE' },
})
const db = createAdapter()
const orders = db.repository(Order)

describe('inferred types', () => {
  test('an item', () => {
    expectTypeOf<Order>().toEqualTypeOf<{
      customerId: string
      orderId: string
      status: 'pending' | 'paid'
      total: number
      count?: bigint | undefined
      placedAt: Date
      expiresAt?: Date | undefined
      region: string
      labels?: Set<string> | undefined
      lines: { sku: string; quantity: number }[]
      address?: { city: string; geo?: { lat: number } | undefined } | undefined
      note: string | null
      active: boolean
      bytes: Uint8Array<ArrayBuffer>
      createdAt: Date
      updatedAt: Date
      version: number
    }>()
  })

  test('an input has what the schemas accept, without what the entity keeps', () => {
    type Input = EntityInput<typeof Order>
    expectTypeOf<Input['region']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<Input>().not.toHaveProperty('version')
    expectTypeOf<Input>().not.toHaveProperty('createdAt')
  })

  test('a key', () => {
    expectTypeOf<EntityKey<typeof Order>>().toEqualTypeOf<{ customerId: string; orderId: string }>()
    expectTypeOf<EntityKey<typeof Customer>>().toEqualTypeOf<{ customerId: string }>()
  })

  test('other libraries, own codecs, other names', () => {
    const Other = defineEntity({
      name: 'Other',
      table: defineTable({ name: 'Others', partitionKey: { name: 'id', type: 'string' } }),
      attributes: {
        id: v.string(),
        age: v.optional(v.number()),
        kind: type("'a' | 'b'"),
        url: attributeCodec({
          schema: z.instanceof(URL),
          storedType: 'string',
          encode: (url) => url.href,
          decode: (text: string) => new URL(text),
        }),
        price: z.custom<Decimal>(),
      },
      timestamps: { createdAt: 'made', updatedAt: 'changed' },
      version: 'revision',
    })
    expectTypeOf<EntityItem<typeof Other>>().toEqualTypeOf<{
      id: string
      age?: number | undefined
      kind: 'a' | 'b'
      url: URL
      price: Decimal
      made: Date
      changed: Date
      revision: number
    }>()
    expectTypeOf<EntityKey<typeof Other>>().toEqualTypeOf<{ id: string }>()
  })
})

describe('definitions', () => {
  const attributes = { id: z.string(), count: z.number(), optional: z.string().optional() }
  const base = { name: 'Thing', table, attributes } as const

  test('a template names attributes that exist and, in the key, are required', () => {
    // @ts-expect-error unknown or optional attribute {idd}
    defineEntity({ ...base, key: { partitionKey: 'T#{idd}', sortKey: 'T' } })
    // @ts-expect-error unknown or optional attribute {optional}
    defineEntity({ ...base, key: { partitionKey: 'T#{id}', sortKey: 'T#{optional}' } })
    const keyed = { ...base, key: { partitionKey: 'T#{id}', sortKey: 'T' } } as const
    // @ts-expect-error unknown attribute {nope}
    defineEntity({ ...keyed, indexes: { gsi1: { partitionKey: '{nope}' } } })
    // @ts-expect-error unknown attribute {nope}
    defineEntity({ ...keyed, indexes: { multi: { partitionKey: ['A', '{nope}'] } } })
    // @ts-expect-error the table has no index 'gsi9'
    defineEntity({ ...keyed, indexes: { gsi9: { partitionKey: 'X' } } })
  })

  test('without templates, the key attributes are attributes of the right type', () => {
    const users = defineTable({
      name: 'Users',
      partitionKey: { name: 'id', type: 'string' },
      sortKey: { name: 'n', type: 'number' },
    })
    defineEntity({ name: 'A', table: users, attributes: { id: z.string(), n: z.bigint() } })
    defineEntity({ name: 'B', table: users, attributes: { id: isoDate(), n: epochSeconds() } })
    // @ts-expect-error the table's key 'n' is a number
    defineEntity({ name: 'C', table: users, attributes: { id: z.string(), n: z.string() } })
    // @ts-expect-error the table's key 'id' is a string
    defineEntity({ name: 'D', table: users, attributes: { id: z.number(), n: z.number() } })
    // @ts-expect-error give key templates, or an attribute named 'n'
    defineEntity({ name: 'E', table: users, attributes: { id: z.string() } })
  })

  test('attributes are Standard Schemas', () => {
    expectTypeOf<StandardSchemaV1<string, number>>().toExtend<StandardSchema<string, number>>()
    expectTypeOf<StandardSchema<string, number>>().toExtend<StandardSchemaV1<string, number>>()
    // @ts-expect-error a string is no schema
    defineEntity({ ...base, attributes: { id: 'string' }, key: { partitionKey: 'T', sortKey: 'T' } })
  })

  test('keys of a table', () => {
    // @ts-expect-error no such type
    defineTable({ name: 'T', partitionKey: { name: 'id', type: 'text' } })
    const local = { type: 'local' } as const
    // @ts-expect-error a local index has a sort key
    defineTable({ name: 'Tab', partitionKey: { name: 'id', type: 'string' }, indexes: { local } })
  })
})

describe('repository', () => {
  test('get, create, put and delete', () => {
    expectTypeOf(orders.get({ customerId: 'c', orderId: 'o' })).resolves.toEqualTypeOf<Order | undefined>()
    expectTypeOf(orders.getOrThrow({ customerId: 'c', orderId: 'o' })).resolves.toEqualTypeOf<Order>()
    expectTypeOf(orders.create).returns.resolves.toEqualTypeOf<Order>()
    expectTypeOf(orders.delete).returns.resolves.toEqualTypeOf<void>()
    expectTypeOf(orders.deleteAndReturn).returns.resolves.toEqualTypeOf<Order | undefined>()
    assertType<(item: Order) => unknown>((item) => orders.save(item))
    // @ts-expect-error orderId is missing
    void orders.get({ customerId: 'c' })
    // @ts-expect-error a number is no orderId
    void orders.get({ customerId: 'c', orderId: 1 })
    // @ts-expect-error total is missing
    void orders.create({
      customerId: 'c',
      orderId: 'o',
      status: 'paid',
      placedAt: new Date(),
      lines: [],
      note: null,
      active: true,
      bytes: new Uint8Array(),
    })
    void orders.put(
      {} as Order,
      // @ts-expect-error unknown field 'statsu'
      { where: (e) => e('statsu', '=', 'paid') },
    )
  })

  test('findById takes the bare value where the key is one field', () => {
    const customers = db.repository(Customer)
    expectTypeOf(customers.findById('c')).resolves.toEqualTypeOf<EntityItem<typeof Customer> | undefined>()
    void customers.findById({ customerId: 'c' })
    // @ts-expect-error a number is no customerId
    void customers.findById(5)
    // @ts-expect-error the key of an order has two fields
    void orders.findById('o')
    // @ts-expect-error a wrong value
    void orders.findAll({ status: 'lost' })
  })

  test('a subclass keeps its methods', () => {
    class Customers extends Repository<typeof Customer> {
      named(name: string): Promise<EntityItem<typeof Customer> | undefined> {
        return this.query().where('customerId', '=', 'x').where('name', '=', name).first()
      }
    }
    expectTypeOf(db.repository(Customer, Customers)).toEqualTypeOf<Customers>()
    // @ts-expect-error Customers store no orders
    db.repository(Order, Customers)
  })
})

describe('where', () => {
  const query = orders.query()

  test('fields and paths exist', () => {
    query
      .where('address.city', '=', 'Bern')
      .where('address.geo.lat', '>', 1)
      .where('lines[0].sku', 'begins_with', 'x')
    query
      .where('size(labels)', '>', 2)
      .where('size(address.city)', 'between', [1, 2])
      .where('lines[0]', 'exists')
    // @ts-expect-error unknown field 'totl'
    query.where('totl', '=', 1)
    // @ts-expect-error unknown field 'address.town'
    query.where('address.town', '=', 'Bern')
    // @ts-expect-error unknown field 'lines.sku'
    query.where('lines.sku', '=', 'x')
    // @ts-expect-error unknown field 'lables'
    query.where('size(lables)', '>', 2)
    // @ts-expect-error unknown field 'totl'
    query.where('totl', 'exists')
  })

  test('operators fit the type', () => {
    query
      .where('status', 'begins_with', 'p')
      .where('labels', 'contains', 'x')
      .where('lines', 'exists')
      .where('active', '=', true)
    query
      .where('placedAt', 'between', [new Date(), new Date()])
      .where('count', '>=', 5n)
      .where('bytes', 'begins_with', new Uint8Array())
    query
      .where('note', '=', null)
      .where('note', 'begins_with', 'x')
      .where('total', 'in', [1, 2])
      .where('lines', 'attribute_type', 'L')
    // @ts-expect-error no order on booleans
    query.where('active', '<', true)
    // @ts-expect-error no prefix of a number
    query.where('total', 'begins_with', 1)
    // @ts-expect-error no order on sets
    query.where('labels', '>', new Set(['x']))
    // @ts-expect-error nothing is contained in a number
    query.where('total', 'contains', 1)
    // @ts-expect-error no such operator
    query.where('total', '==', 1)
    // @ts-expect-error exists takes no value
    query.where('total', 'exists', true)
  })

  test('values fit the field and the operator', () => {
    // @ts-expect-error a string is no number
    query.where('total', '>', '5')
    // @ts-expect-error not one of the values
    query.where('status', '=', 'lost')
    // @ts-expect-error not one of the values
    query.where('status', 'in', ['lost'])
    // @ts-expect-error a date attribute is compared with dates
    query.where('placedAt', '>', '2026-01-01')
    // @ts-expect-error two bounds
    query.where('total', 'between', [1])
    // @ts-expect-error members of the set are strings
    query.where('labels', 'contains', 5)
    // @ts-expect-error no value is given
    query.where('total', '=')
    // @ts-expect-error no such type
    query.where('total', 'attribute_type', 'NUMBER')
  })

  test('conditions built with e are checked alike', () => {
    query.where((e) =>
      e.or([e('total', '>', 5), e.and([e('status', '=', 'paid'), e.not(e('labels', 'contains', 'x'))])]),
    )
    query.where((e) => e('total', '<', e.attribute('lines[0].quantity')))
    // @ts-expect-error not one of the values
    query.where((e) => e.or([e('status', '=', 'lost')]))
    // @ts-expect-error unknown field
    query.where((e) => e('total', '<', e.attribute('max')))
    // @ts-expect-error no condition
    query.where((e) => e.or([true]))
  })
})

describe('results', () => {
  const query = orders.query().where('customerId', '=', 'c')

  test('select narrows', () => {
    expectTypeOf(query.select('orderId', 'total').first()).resolves.toEqualTypeOf<
      { orderId: string; total: number } | undefined
    >()
    expectTypeOf(query.select('labels').first()).resolves.toEqualTypeOf<
      { labels?: Set<string> | undefined } | undefined
    >()
    const nested = query.select('total', 'address.city', 'lines[0].sku').first()
    expectTypeOf<NonNullable<Awaited<typeof nested>>['total']>().toEqualTypeOf<number>()
    expectTypeOf<NonNullable<Awaited<typeof nested>>['lines']>().toEqualTypeOf<
      { sku?: string; quantity?: number }[]
    >()
    // @ts-expect-error unknown field 'totl'
    query.select('totl')
    // @ts-expect-error unknown field 'address.town'
    query.select('total', 'address.town')
    const totals = query.select('total').first()
    // @ts-expect-error it was not selected
    void totals.then((total) => total?.status)
  })

  test('pages, counts, streams and explanations', () => {
    expectTypeOf(query.execute()).resolves.toHaveProperty('items').toEqualTypeOf<Order[]>()
    expectTypeOf(query.stream()).toEqualTypeOf<AsyncIterable<Order>>()
    expectTypeOf(query.count()).resolves.toHaveProperty('count').toEqualTypeOf<number>()
    expectTypeOf(query.explain()).toEqualTypeOf<Explanation>()
    expectTypeOf(db.query().explain()).resolves.toEqualTypeOf<Explanation>()
    // @ts-expect-error not a field
    query.orderBy('nope')
  })

  test('several entities are a union told apart by entity', () => {
    const page = db.query(Order, Customer).where('customerId', '=', 'c').execute()
    expectTypeOf(page)
      .resolves.toHaveProperty('items')
      .toEqualTypeOf<
        (
          | { readonly entity: 'Order'; readonly item: Order }
          | { readonly entity: 'Customer'; readonly item: EntityItem<typeof Customer> }
        )[]
      >()
    // @ts-expect-error only orders have a total
    db.query(Order, Customer).where('total', '=', 1)
    // @ts-expect-error a union has no selection
    db.query(Order, Customer).select('customerId')
  })

  test('untyped items are what the caller says', () => {
    interface Product {
      id: string
      price: number
    }
    expectTypeOf(db.query<Product>().where('price', '<', 5).first()).resolves.toEqualTypeOf<
      Product | undefined
    >()
    expectTypeOf(
      db.query().where('anything', '=', 5).where('a.b[0]', 'contains', 'x').first(),
    ).resolves.toEqualTypeOf<NativeItem | undefined>()
    expectTypeOf(db.get<Product>({ id: 'x' })).resolves.toEqualTypeOf<Product | undefined>()
    // @ts-expect-error unknown field 'prize'
    db.query<Product>().where('prize', '<', 5)
    // @ts-expect-error a price is a number
    db.query<Product>().where('price', '<', 'x')
    // @ts-expect-error a Date cannot be in a key
    void db.get({ id: new Date() })
  })
})

describe('update', () => {
  const update = orders.update({ customerId: 'c', orderId: 'o' })

  test('actions are checked', () => {
    update.set({ status: 'paid', 'address.city': 'Bern', 'lines[0].quantity': 2, placedAt: new Date() })
    update
      .setIfNotExists({ region: 'us' })
      .add({ total: 1, count: 1n, labels: ['x'] })
      .add({ labels: new Set(['x']) })
    update
      .append({ lines: [{ sku: 'x', quantity: 1 }] })
      .prepend({ lines: [] })
      .deleteFromSet({ labels: ['x'] })
      .remove('labels', 'address.geo', 'lines[0]')
    // @ts-expect-error not one of the values
    update.set({ status: 'lost' })
    // @ts-expect-error unknown field 'statsu'
    update.set({ statsu: 'paid' })
    // @ts-expect-error unknown field 'address.town'
    update.set({ 'address.town': 'Bern' })
    // @ts-expect-error 'orderId' is part of the key and cannot change
    update.set({ orderId: 'other' })
    // @ts-expect-error a date attribute is set to a date
    update.set({ placedAt: '2026-01-01' })
    // @ts-expect-error only numbers and sets can be added to
    update.add({ status: 'x' })
    // @ts-expect-error members of the set are strings
    update.add({ labels: [5] })
    // @ts-expect-error only lists can be appended to
    update.append({ labels: ['x'] })
    // @ts-expect-error members are deleted from sets only
    update.deleteFromSet({ lines: [] })
    // @ts-expect-error 'customerId' is part of the key and cannot change
    update.remove('customerId')
    // @ts-expect-error unknown field 'nope'
    update.remove('nope')
    // @ts-expect-error kept by the entity
    update.set({ version: 5 })
  })

  test('conditions and results', () => {
    expectTypeOf(
      update.where('version', '=', 3).where('status', '=', 'pending').execute(),
    ).resolves.toEqualTypeOf<Order>()
    expectTypeOf(update.returning('none').execute()).resolves.toEqualTypeOf<undefined>()
    expectTypeOf(update.returning('old').execute()).resolves.toEqualTypeOf<Order | undefined>()
    expectTypeOf(update.returning('updated-new').execute())
      .resolves.toHaveProperty('total')
      .toEqualTypeOf<number | undefined>()
    // @ts-expect-error a version is a number
    update.where('version', '=', 'x')
  })
})
