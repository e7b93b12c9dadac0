import { type } from 'arktype'
import { inspect } from 'node:util'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Decimal } from '../codec/decimal.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { attributeCodec, epochMilliseconds, epochSeconds, isoDate } from './attribute-codec.ts'
import type { AppItem } from './compiled-entity.ts'
import { defineEntity, type Entity } from './entity.ts'
import { encodeField, fromStored, storedKey, toStored } from './entity-item.ts'
import { isAlwaysPresent } from './field-presence.ts'
import type { StandardSchema } from './standard-schema.ts'
import { defineTable } from './table.ts'
import { checkUnknownFields, validateAttributes } from './validate.ts'

const single = (): ReturnType<typeof defineTable> =>
  defineTable({
    name: 'Shop',
    partitionKey: { name: 'pk', type: 'string' },
    sortKey: { name: 'sk', type: 'string' },
    indexes: {
      gsi1: {
        type: 'global',
        partitionKey: { name: 'gsi1pk', type: 'string' },
        sortKey: { name: 'gsi1sk', type: 'string' },
      },
    },
  })

const order = (attributes: Record<string, StandardSchema> = {}): Entity =>
  (defineEntity as (options: unknown) => Entity)({
    name: 'Order',
    table: single(),
    attributes: {
      customerId: z.string(),
      orderId: z.string(),
      total: z.number(),
      note: z.string().optional(),
      ...attributes,
    },
    key: { partitionKey: 'C#{customerId}', sortKey: 'O#{orderId}' },
    indexes: { gsi1: { partitionKey: 'N#{note}', sortKey: '{total:6}' } },
  })

const validate = (entity: Entity, input: AppItem) =>
  validateAttributes(entity['~compiled'], entity['~compiled'].attributes, input)
const refusal = async (run: () => unknown): Promise<ValidationError> => {
  try {
    await run()
  } catch (error) {
    if (ValidationError.is(error)) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('toStored', () => {
  test('adds key attributes and the entity name', () => {
    const entity = order()['~compiled']
    expect(toStored(entity, { customerId: 'c', orderId: 'o', total: 12.5, note: 'n' })).toEqual({
      customerId: 'c',
      orderId: 'o',
      total: 12.5,
      note: 'n',
      pk: 'C#c',
      sk: 'O#o',
      gsi1pk: 'N#n',
      gsi1sk: '000012.5',
      _entity: 'Order',
    })
  })

  test('leaves an index key out when a field of it is missing', () => {
    const stored = toStored(order()['~compiled'], { customerId: 'c', orderId: 'o', total: 1 })
    expect(stored).not.toHaveProperty('gsi1pk')
    expect(stored).toHaveProperty('gsi1sk')
  })

  test('writes no entity name when the table has none', () => {
    const table = defineTable({
      name: 'Users',
      partitionKey: { name: 'id', type: 'string' },
      entityAttribute: false,
    })
    const { '~compiled': user } = defineEntity({ name: 'User', table, attributes: { id: z.string() } })
    expect(toStored(user, { id: 'u' })).toEqual({ id: 'u' })
  })

  test.each<[string, AppItem, string]>([
    ['an empty key', { id: '', n: 1 }, 'key-empty'],
    ['a key of another type', { id: 5, n: 1 }, 'key-value-type'],
    ['a sort key of another type', { id: 'a', n: '1' }, 'key-value-type'],
    ['a key that is too long', { id: 'é'.repeat(1025), n: 1 }, 'key-size'],
  ])('refuses %s', async (_name, item, rule) => {
    const table = defineTable({
      name: 'Users',
      partitionKey: { name: 'id', type: 'string' },
      sortKey: { name: 'n', type: 'number' },
    })
    const { '~compiled': user } = defineEntity({
      name: 'User',
      table,
      attributes: { id: v.any(), n: v.any() },
    })
    expect((await refusal(() => toStored(user, item))).rule).toBe(rule)
  })
})

describe('storedKey', () => {
  test('is made from the fields that identify the item; others are ignored', () => {
    expect(storedKey(order()['~compiled'], { customerId: 'c', orderId: 'o', total: 'x' })).toEqual({
      pk: 'C#c',
      sk: 'O#o',
    })
  })

  test('applies the schema, so that a normalised key is found again', () => {
    const entity = order({ customerId: z.string().toLowerCase() })['~compiled']
    expect(storedKey(entity, { customerId: 'ADA', orderId: 'o' })).toMatchObject({ pk: 'C#ada' })
  })

  test('names a missing field', async () => {
    const error = await refusal(() => storedKey(order()['~compiled'], { customerId: 'c' }))
    expect(error.message).toContain('orderId')
  })

  test('waits for schemas that answer later', async () => {
    const later = z.string().refine(() => Promise.resolve(true))
    await expect(
      storedKey(order({ orderId: later })['~compiled'], { customerId: 'c', orderId: 'o' }),
    ).resolves.toEqual({ pk: 'C#c', sk: 'O#o' })
  })

  test('refuses a field that is optional in its schema but needed by the key', async () => {
    const entity = order({ orderId: v.optional(v.string()) })['~compiled']
    const error = await refusal(() => storedKey(entity, { customerId: 'c' }))
    expect({ rule: error.rule, field: error.field }).toEqual({ rule: 'key-missing', field: 'orderId' })
  })
})

describe('codecs', () => {
  const when = new Date('2026-01-31T12:00:00.250Z')
  const entity = order({
    iso: isoDate(),
    seconds: epochSeconds().optional(),
    millis: epochMilliseconds().default(() => when),
    url: attributeCodec({
      schema: z.instanceof(URL),
      storedType: 'string',
      encode: (url) => url.href,
      decode: (text: string) => new URL(text),
    }),
  })
  const base = { customerId: 'c', orderId: 'o', total: 1, iso: when, url: new URL('https://a.example/') }

  test('write and read back', async () => {
    const checked = await validate(entity, { ...base, seconds: when })
    const stored = toStored(entity['~compiled'], checked)
    expect(stored).toMatchObject({
      iso: '2026-01-31T12:00:00.250Z',
      seconds: 1769860800,
      millis: when.getTime(),
      url: 'https://a.example/',
    })
    expect(fromStored(entity['~compiled'], stored)).toEqual({
      ...base,
      seconds: new Date('2026-01-31T12:00:00.000Z'),
      millis: when,
    })
  })

  test('a default may be a value too, and an optional one may be missing', async () => {
    const other = order({ iso: isoDate().default(when), seconds: epochSeconds().optional() })
    expect(await validate(other, { customerId: 'c', orderId: 'o', total: 1 })).toEqual({
      customerId: 'c',
      orderId: 'o',
      total: 1,
      iso: when,
    })
  })

  test('a moment within a second keeps its place in comparisons', () => {
    expect(encodeField(entity['~compiled'], 'seconds', new Date(10_500))).toBe(10.5)
  })

  test.each<[string, unknown, string]>([
    ['text', '2026-01-01', 'string'],
    ['an invalid Date', new Date('nonsense'), 'Date'],
    ['a year beyond 9999', new Date(253402300800000), 'Date'],
    ['a year before 0', new Date(-62198755200000 - 1e12), 'Date'],
  ])('refuse %s', async (_name, value, valueType) => {
    for (const field of ['iso', 'seconds', 'millis']) {
      const error = await refusal(() => validate(entity, { ...base, [field]: value }))
      expect({ field: error.field, valueType: error.valueType }).toEqual({ field, valueType })
    }
  })

  test('a stored value of another type is reported, not misread', async () => {
    const error = await refusal(() => fromStored(entity['~compiled'], { iso: 5 }))
    expect({ rule: error.rule, field: error.field, valueType: error.valueType }).toEqual({
      rule: 'stored-type',
      field: 'iso',
      valueType: 'number',
    })
    expect((await refusal(() => fromStored(entity['~compiled'], { seconds: 'x' }))).rule).toBe('stored-type')
  })

  test.each<[string, unknown, unknown]>([
    ['binary', new Uint8Array([1]), 'text'],
    ['boolean', true, 1],
    ['list', [1], new Set([1])],
    ['set', new Set([1]), [1]],
    ['map', { a: 1 }, null],
  ])('stored type %s is checked', async (storedType, good, bad) => {
    const codec = attributeCodec({
      schema: z.any(),
      storedType: storedType as 'map',
      encode: (value) => value as never,
      decode: (value) => value as unknown,
    })
    const { '~compiled': compiled } = order({ x: codec })
    expect(fromStored(compiled, { x: good as never }).x).toBe(good)
    expect((await refusal(() => fromStored(compiled, { x: bad as never }))).rule).toBe('stored-type')
  })
})

describe('schemas of other libraries', () => {
  const libraries: readonly [string, Record<string, StandardSchema>][] = [
    ['zod', { age: z.number().min(18), mail: z.email().optional() }],
    ['valibot', { age: v.pipe(v.number(), v.minValue(18)), mail: v.optional(v.pipe(v.string(), v.email())) }],
    ['arktype', { age: type('number >= 18'), mail: type('string.email | undefined') }],
  ]
  const base = { customerId: 'c', orderId: 'o', total: 1 }

  test.each(libraries)(
    '%s accepts and refuses, and its words never quote the value',
    async (_name, attributes) => {
      const entity = order(attributes)
      expect(await validate(entity, { ...base, age: 20 })).toEqual({ ...base, age: 20 })
      const error = await refusal(() => validate(entity, { ...base, age: 13, mail: 'not-a-mail' }))
      expect(error.issues.map((issue) => issue.path)).toEqual(['age', 'mail'])
      expect(error.message).toContain('Order.age: number given')
      expect(error.message).not.toMatch(/\b13\b|not-a-mail/)
      const missing = await refusal(() => validate(entity, base))
      expect(missing.message).toContain('Order.age: is missing')
    },
  )

  test('paths inside a value are named', async () => {
    const entity = order({ lines: z.array(z.object({ sku: z.string() })) })
    const error = await refusal(() => validate(entity, { ...base, lines: [{ sku: 'a' }, { sku: 5 }] }))
    expect(error).toMatchObject({ field: 'lines[1].sku', valueType: 'number' })
  })

  test('many issues are cut short in the message but all reported', async () => {
    const attributes = Object.fromEntries(
      Array.from({ length: 8 }, (_, at) => [`a${String(at)}`, z.string()]),
    )
    const error = await refusal(() => validate(order(attributes), base))
    expect(error.message).toContain('(and 3 more)')
    expect(error.issues).toHaveLength(8)
  })

  test('schemas that answer later', async () => {
    const later = z.string().refine((value) => Promise.resolve(value !== 'taken'), 'is taken')
    const entity = order({ name: later })
    expect(await validate(entity, { ...base, name: 'free' })).toMatchObject({ name: 'free' })
    expect((await refusal(() => validate(entity, { ...base, name: 'taken' }))).field).toBe('name')
  })

  test('a value quoted by a schema’s message is not shown, however deep it is', async () => {
    const odd: StandardSchema = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) => ({ issues: [{ message: `refused ${inspect(value)}` }] }),
      },
    }
    for (const value of [
      { a: [{ b: 'hunter2' }] },
      new Set(['hunter2']),
      ['hunter2'],
      'hunter2',
      new Date('2026-05-05T00:00:00Z'),
    ]) {
      const error = await refusal(() => validate(order({ odd }), { ...base, odd: value }))
      expect(error.message).not.toMatch(/hunter2|2026/)
      expect(error.message).toContain('refused by its schema')
    }
  })
})

test('a field the entity does not have is refused', async () => {
  const error = await refusal(() => {
    checkUnknownFields(order()['~compiled'], { customerId: 'c', totl: 5, gone: undefined })
  })
  expect({ rule: error.rule, field: error.field }).toEqual({ rule: 'unknown-attribute', field: 'totl' })
})

describe('numbers are read in the form their schema accepts', () => {
  const read = (schema: StandardSchema, value: unknown) =>
    fromStored(order({ x: schema })['~compiled'], { x: value as never }).x

  test.each<[string, StandardSchema, unknown, unknown]>([
    ['number', z.number(), 5, 5],
    ['bigint', z.bigint(), 5, 5n],
    ['bigint with a bound', z.bigint().min(1000n), 5000, 5000n],
    ['optional bigint', z.bigint().optional(), 5, 5n],
    ['valibot bigint', v.bigint(), 5, 5n],
    ['arktype bigint', type('bigint'), 5, 5n],
    ['set of bigint', z.set(z.bigint()), new Set([1, 2]), new Set([1n, 2n])],
    ['list of bigint', z.array(z.bigint()), [1, 2n ** 60n], [1n, 2n ** 60n]],
    ['object of bigint', z.object({ a: z.bigint() }), { a: 1 }, { a: 1n }],
    ['Decimal', z.custom<Decimal>((value) => Decimal.is(value)), 5, Decimal.from(5)],
    ['text', z.string(), 'x', 'x'],
    ['nothing', z.null(), null, null],
    ['binary', z.instanceof(Uint8Array), new Uint8Array([1]), new Uint8Array([1])],
    ['a schema that accepts none of the forms', z.string().transform(Number), 5, 5],
  ])('%s', (_name, schema, stored, expected) => {
    expect(read(schema, stored)).toEqual(expected)
  })

  test('the form is found once and then kept', () => {
    const schema = z.bigint()
    const entity = order({ x: schema })['~compiled']
    expect(fromStored(entity, { x: 1 }).x).toBe(1n)
    expect(fromStored(entity, { x: 2 }).x).toBe(2n)
    expect(fromStored(entity, { x: 2n ** 70n }).x).toBe(2n ** 70n)
  })

  test('a schema that answers later leaves the number as it is', () => {
    expect(
      read(
        z.bigint().refine(() => Promise.resolve(true)),
        5,
      ),
    ).toBe(5)
  })
})

test('which fields every item has', () => {
  const { '~compiled': entity } = (defineEntity as (options: unknown) => Entity)({
    name: 'Thing',
    table: single(),
    attributes: {
      id: z.string(),
      optional: z.string().optional(),
      defaulted: z.string().default('x'),
      later: {
        '~standard': {
          version: 1,
          vendor: 'test',
          validate: () => Promise.resolve({ issues: [{ message: 'x' }] }),
        },
      },
    },
    key: { partitionKey: 'T#{id}', sortKey: 'T' },
    timestamps: { createdAt: 'made', updatedAt: 'changed' },
    version: 'revision',
  })
  const present = ['id', 'optional', 'defaulted', 'later', 'made', 'changed', 'revision', 'unknown'].filter(
    (field) => isAlwaysPresent(entity, field),
  )
  // A schema that answers later counts as optional: being wrong that way costs a better index, never items.
  expect(present).toEqual(['id', 'defaulted', 'made', 'changed', 'revision'])
})
