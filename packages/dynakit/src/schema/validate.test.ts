import { describe, expect, test } from 'vitest'
import { ValidationError } from '../errors/request-errors.ts'
import type { AppItem } from './compiled-entity.ts'
import { defineEntity, type Entity } from './entity.ts'
import type { SchemaResult, StandardSchema } from './standard-schema.ts'
import { defineTable } from './table.ts'
import { checkUnknownFields, validateAttributes } from './validate.ts'

const schema = (
  validate: (value: unknown) => SchemaResult<unknown> | Promise<SchemaResult<unknown>>,
): StandardSchema => ({ '~standard': { version: 1, vendor: 'test', validate } })
const anything = schema((value) => ({ value }))

const compiled = (attributes: Record<string, StandardSchema>) =>
  (defineEntity as (options: unknown) => Entity)({
    name: 'Thing',
    table: defineTable({ name: 'Things', partitionKey: { name: 'id', type: 'string' } }),
    attributes: { id: anything, ...attributes },
    version: true,
  })['~compiled']
const validate = (attributes: Record<string, StandardSchema>, values: AppItem) => {
  const entity = compiled(attributes)
  return validateAttributes(entity, entity.attributes, values)
}

describe('validateAttributes', () => {
  test('takes what the schemas give back, and nothing for undefined', () => {
    const doubled = schema((value) => ({ value: (value as number) * 2 }))
    const dropped = schema(() => ({ value: undefined }))
    const kept = schema((value) => ({ value: value ?? 'default' }))
    const checked = validate({ doubled, dropped, kept }, { id: 'x', doubled: 2, dropped: 1, version: 7 })
    expect(checked).toStrictEqual({ id: 'x', doubled: 4, kept: 'default', version: 7 })
    expect(Object.keys(checked)).toEqual(['id', 'doubled', 'kept', 'version'])
  })

  test.each([null, false, 0, '', Number.NaN])('takes %j as a value', (value) => {
    expect(validate({ a: anything }, { id: 'x', a: value })).toStrictEqual({ id: 'x', a: value })
  })

  test('a result that holds both a value and issues is a refusal', () => {
    const both = schema((value) => ({ value, issues: [{ message: 'no' }] }) as never)
    expect(() => validate({ both }, { id: 'x', both: 1 })).toThrow(ValidationError)
  })

  test('waits for late answers, and reports late and early refusals', async () => {
    const late = schema((value) => Promise.resolve({ value }))
    const refuses = schema(() => ({ issues: [{ message: 'early' }] }))
    const refusesLate = schema(() => Promise.resolve({ issues: [{ message: 'late' }] }))
    expect(await validate({ late, a: anything }, { id: 'x', late: 1, a: 2 })).toStrictEqual({
      id: 'x',
      late: 1,
      a: 2,
    })
    expect(await validate({ late }, { id: 'x' })).toStrictEqual({ id: 'x' })
    await expect(validate({ refusesLate, refuses }, { id: 'x' })).rejects.toMatchObject({
      issues: [{ path: 'refuses' }, { path: 'refusesLate' }],
    })
  })

  test('asks a schema for its contract once, and calls it as its method', () => {
    let asked = 0
    const odd: StandardSchema = {
      get '~standard'() {
        asked += 1
        const contract = {
          version: 1 as const,
          vendor: 'test',
          validate(value: unknown) {
            expect(this).toBe(contract)
            return { value }
          },
        }
        return contract
      },
    }
    const entity = compiled({ odd })
    const before = asked
    for (let at = 0; at < 3; at++)
      expect(validateAttributes(entity, entity.attributes, { id: 'x', odd: at })).toEqual({
        id: 'x',
        odd: at,
      })
    expect(asked).toBe(before)
  })
})

describe('checkUnknownFields', () => {
  const entity = compiled({ a: anything, b: anything })
  const check = (values: AppItem) => {
    checkUnknownFields(entity, values)
  }

  test('remembers names only when all of them are known', () => {
    check({ id: 'x', typo: undefined })
    expect(() => check({ id: 'x', typo: 1 })).toThrow('no such attribute')
    check({ id: 'x', typo: undefined })
  })

  test('names in another order, fewer, more and others', () => {
    for (const values of [
      { id: 1, a: 1 },
      { id: 2, a: 2 },
      { a: 1, id: 1 },
      { id: 1 },
      { id: 1, a: 1, b: 1 },
      {},
    ])
      check(values)
    expect(() => check({ id: 1, a: 1, c: 1 })).toThrow('Thing.c')
    expect(() => check({ id: 1, c: 1 })).toThrow('Thing.c')
    expect(() => check({ toString: 1 })).toThrow('Thing.toString')
  })
})
