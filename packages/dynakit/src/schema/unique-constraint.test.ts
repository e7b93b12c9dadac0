import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineEntity } from './entity.ts'
import type { EntityOptions } from './entity-types.ts'
import { defineTable, type TableOptions } from './table.ts'

const string = (name: string) => ({ name, type: 'string' }) as const
const shop: TableOptions = { name: 'Shop', partitionKey: string('pk'), sortKey: string('sk') }

function define(change: Partial<EntityOptions>, table: TableOptions = shop) {
  return defineEntity({
    name: 'User',
    table: defineTable(table),
    attributes: { id: z.string(), email: z.string(), tags: z.array(z.string()), at: z.date() },
    key: { partitionKey: 'USER#{id}', ...(table.sortKey && { sortKey: 'USER' }) },
    ...change,
  } as never)
}

describe('unique', () => {
  test('is kept in the order it is declared', () => {
    const { unique } = define({ unique: { b: ['email', 'id'], a: ['at'] } })['~compiled']
    expect(unique).toEqual([
      { name: 'b', fields: ['email', 'id'] },
      { name: 'a', fields: ['at'] },
    ])
    expect(define({})['~compiled'].unique).toEqual([])
  })

  test.each<[string, Partial<EntityOptions>, TableOptions | undefined, string]>([
    ['no field', { unique: { x: [] } }, undefined, 'unique-fields'],
    ['an unknown field', { unique: { x: ['mail'] } }, undefined, 'unknown-attribute'],
    ['a field of every object', { unique: { x: ['toString'] } }, undefined, 'unknown-attribute'],
    ['a kept attribute', { unique: { x: ['version'] }, version: true }, undefined, 'unknown-attribute'],
    ['a field twice', { unique: { x: ['email', 'email'] } }, undefined, 'unique-fields'],
    ['a list', { unique: { x: ['tags'] } }, undefined, 'unique-fields'],
    [
      'a table with a number key',
      { unique: { x: ['email'] }, key: { partitionKey: '{id}', sortKey: '{at}' } },
      { ...shop, sortKey: { name: 'sk', type: 'number' } },
      'unique-key-type',
    ],
    [
      'a table without entity names',
      { unique: { x: ['email'] } },
      { ...shop, entityAttribute: false },
      'unique-entity-attribute',
    ],
    [
      'a table that uses the owner’s attribute',
      { unique: { x: ['email'] } },
      { ...shop, indexes: { byOwner: { type: 'global', partitionKey: string('_owner') } } },
      'unique-owner-attribute',
    ],
    [
      'a table that expires by the owner’s attribute',
      { unique: { x: ['email'] } },
      { ...shop, timeToLive: '_owner' },
      'unique-owner-attribute',
    ],
  ])('%s is refused', (_, change, table, rule) => {
    expect(() => define(change, table)).toThrow(expect.objectContaining({ code: 'Definition', rule }))
  })
})

describe('the items that keep unique values', () => {
  test('share no name with an entity', () => {
    expect(() => define({ name: '_unique' })).toThrow(expect.objectContaining({ rule: 'entity-name' }))
  })

  test.each<[string, boolean]>([
    ['USER#{id}', false],
    ['_users#{id}', false],
    ['_unique', false],
    ['{id}', true],
    ['_{id}', true],
    ['_unique{id}', true],
  ])('a partition key %s could begin like theirs: %s', (partitionKey, could) => {
    const { keys, derived } = define({ key: { partitionKey, sortKey: 'USER' } })['~compiled']
    const prefixes = [keys[0]?.partitionKey[0]?.reservedPrefix, derived[0]?.reservedPrefix]
    expect(prefixes).toEqual(could ? ['_unique#', '_unique#'] : [undefined, undefined])
  })

  test('a partition key that always begins like theirs is refused', () => {
    const wrong = { partitionKey: '_unique#{id}', sortKey: 'USER' }
    expect(() => define({ key: wrong })).toThrow(expect.objectContaining({ rule: 'reserved-key' }))
  })

  test('do not exist where items have no entity name', () => {
    const { keys } = define(
      { key: { partitionKey: '{id}', sortKey: 'X' } },
      { ...shop, entityAttribute: false },
    )['~compiled']
    expect(keys[0]?.partitionKey[0]).not.toHaveProperty('reservedPrefix')
  })
})

describe('softDelete', () => {
  test('keeps an attribute that is not always there', () => {
    const { deletedAt, attributesByName } = define({ softDelete: true })['~compiled']
    expect(deletedAt).toBe('deletedAt')
    expect(attributesByName.get('deletedAt')?.codec?.storedType).toBe('string')
    expect(define({ softDelete: 'removedAt' })['~compiled'].deletedAt).toBe('removedAt')
    expect(define({ softDelete: false })['~compiled'].deletedAt).toBeUndefined()
  })

  test.each<[string, Partial<EntityOptions>, TableOptions | undefined]>([
    ['an attribute', { softDelete: 'email' }, undefined],
    ['a kept attribute', { softDelete: 'createdAt', timestamps: true }, undefined],
    ['the time to live', { softDelete: 'until' }, { ...shop, timeToLive: 'until' }],
  ])('a name that is %s already is refused', (_, change, table) => {
    expect(() => define(change, table)).toThrow(expect.objectContaining({ rule: 'attribute-name' }))
  })
})

test('excludeExpired needs a table with time to live', () => {
  expect(() => define({ excludeExpired: true })).toThrow(expect.objectContaining({ rule: 'time-to-live' }))
  const { excludeExpired } = define({ excludeExpired: true }, { ...shop, timeToLive: 'until' })['~compiled']
  expect(excludeExpired).toBe(true)
  expect(define({})['~compiled'].excludeExpired).toBe(false)
})
