import { expect, test } from 'vitest'
import { z } from 'zod'
import { ValidationError } from '../errors/request-errors.ts'
import { attributeCodec, epochSeconds, isoDate } from '../schema/attribute-codec.ts'
import { defineEntity } from '../schema/entity.ts'
import { defineTable } from '../schema/table.ts'
import { conditionBuilder as e } from '../query-builder/condition-builder.ts'
import { encodeConditions } from './encode-conditions.ts'

const table = defineTable({ name: 'Shop', partitionKey: { name: 'pk', type: 'string' } })
const upper = attributeCodec({
  schema: z.string(),
  storedType: 'string',
  encode: (text) => {
    if (text === 'broken') throw new TypeError('no')
    return text.toUpperCase()
  },
  decode: (text: string) => text.toLowerCase(),
})
const { '~compiled': a } = defineEntity({
  name: 'A',
  table,
  attributes: { id: z.string(), when: isoDate(), code: upper, plain: z.number() },
  key: { partitionKey: 'A#{id}' },
})
const { '~compiled': b } = defineEntity({
  name: 'B',
  table,
  attributes: { id: z.string(), when: epochSeconds(), plain: z.number() },
  key: { partitionKey: 'B#{id}' },
})

const refusal = (run: () => unknown): ValidationError => {
  try {
    run()
  } catch (error) {
    if (ValidationError.is(error)) return error
    throw error
  }
  throw new Error('it was accepted')
}

test('values take their stored form, in every operand and however deep', () => {
  const when = new Date('2026-01-01T00:00:00Z')
  const [encoded] = encodeConditions(
    [e.not(e.or([e('when', 'between', [when, when]), e('code', 'in', ['x'])]))],
    [a],
  )
  expect(JSON.stringify(encoded)).toContain(
    '{"value":"2026-01-01T00:00:00.000Z"},{"value":"2026-01-01T00:00:00.000Z"}',
  )
  expect(JSON.stringify(encoded)).toContain('{"value":"X"}')
})

test('types and other attributes are left as they are', () => {
  const conditions = [
    e('code', 'attribute_type', 'S'),
    e('plain', '<', e.attribute('when')),
    e('size(code)', '>', 2),
  ]
  expect(encodeConditions(conditions, [a])).toEqual(conditions)
})

test('what cannot be encoded is named', () => {
  const one = (condition: ReturnType<typeof e>) => refusal(() => encodeConditions([condition], [a]))
  expect(one(e('nope', '=', 1))).toMatchObject({ rule: 'unknown-attribute', field: 'nope' })
  expect(one(e('code', '=', 'broken'))).toMatchObject({ rule: 'codec', field: 'code', valueType: 'string' })
  expect(one(e('when', '=', 'text'))).toMatchObject({ rule: 'codec', field: 'when', valueType: 'string' })
  expect(one(e('plain', '=', Number.NaN))).toMatchObject({ rule: 'number-not-finite', field: 'plain' })
})

test('entities that store an attribute differently cannot be asked together', () => {
  expect(refusal(() => encodeConditions([e('when', '=', new Date(0))], [a, b]))).toMatchObject({
    rule: 'mixed-storage',
  })
  expect(() => encodeConditions([e('plain', '=', 5)], [a, b])).not.toThrow()
})
