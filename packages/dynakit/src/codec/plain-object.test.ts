import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { plainObject } from './plain-object.ts'

test.each([0, 1, 4, 5, 8, 9, 16, 17, 24, 25, 32, 33, 1000])(
  'an object for %i members is a plain one',
  (size) => {
    const object = plainObject<number>(size)
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
    expect(isDeepStrictEqual(object, {})).toBe(true)
    expect(Object.keys(object)).toEqual([])
    const literal: Record<string, number> = {}
    for (let at = 0; at < size + 3; at++) object[`name${String(at)}`] = literal[`name${String(at)}`] = at
    expect(object).toStrictEqual(literal)
    expect(JSON.stringify(object)).toBe(JSON.stringify(literal))
    expect({ ...object }).toStrictEqual(literal)
    expect(structuredClone(object)).toStrictEqual(literal)
  },
)

test('objects have nothing in common', () => {
  plainObject<number>(10).a = 1
  expect(plainObject(10)).toEqual({})
  expect(Object.keys(Object.prototype)).toEqual([])
  expect(Object.prototype.constructor).toBe(Object)
})
