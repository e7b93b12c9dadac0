import { describe, expect, test } from 'vitest'
import type { AttributeValue } from './attribute-value.ts'
import { checkItem, checkValue } from './check-value.ts'

const invalid = 'One or more parameter values were invalid: '

describe('checked values', () => {
  test('have normalised numbers, however deep', () => {
    expect(checkValue({ L: [{ N: '1.0' }, { M: { a: { NS: ['01', '1e1'] } } }] })).toEqual({
      L: [{ N: '1' }, { M: { a: { NS: ['1', '10'] } } }],
    })
  })

  test('share nothing with what was given when they are maps or lists', () => {
    const given = { M: { a: { S: 'x' } } }
    expect(checkValue(given)).not.toBe(given)
  })

  test('may have any attribute name, __proto__ too', () => {
    const item = checkItem(JSON.parse('{"__proto__":{"N":"01"},"constructor":{"S":"x"}}') as never)
    expect(Object.keys(item)).toEqual(['__proto__', 'constructor'])
    expect(JSON.stringify(item)).toBe('{"__proto__":{"N":"1"},"constructor":{"S":"x"}}')
    expect(Object.getPrototypeOf(item)).toBe(Object.prototype)
  })

  test.each<[unknown, string]>([
    [{}, 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'],
    [
      { S: 'a', N: '1' },
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    ],
    [{ N: 'x' }, 'The parameter cannot be converted to a numeric value: x'],
    [{ NULL: false }, `${invalid}Null attribute value types must have the value of true`],
    [{ SS: [] }, `${invalid}An string set  may not be empty`],
    [{ NS: [] }, `${invalid}An number set  may not be empty`],
    [{ BS: [] }, `${invalid}Binary sets should not be empty`],
    [{ SS: ['a', 'b', 'a'] }, `${invalid}Input collection [a, b, a] contains duplicates.`],
    [{ NS: ['1', '1.0'] }, 'Input collection contains duplicates'],
    [{ BS: ['AA==', 'AA=='] }, `${invalid}Input collection [AA==, AA==]of type BS contains duplicates.`],
    [{ L: [{ SS: [] }] }, `${invalid}An string set  may not be empty`],
    [{ M: { '': { S: 'a' } } }, 'Empty attribute name'],
  ])('%j is refused', (value, message) => {
    expect(() => checkValue(value as AttributeValue)).toThrow(message)
  })

  test('an attribute name of more than 65,535 bytes is refused', () => {
    expect(() => checkItem({ ['n'.repeat(65_536)]: { S: 'a' } })).toThrow('Attribute name is too large')
    expect(() => checkItem({ ['ü'.repeat(32_768)]: { S: 'a' } })).toThrow('Attribute name is too large')
    expect(Object.keys(checkItem({ ['n'.repeat(65_535)]: { S: 'a' } }))).toHaveLength(1)
  })

  test('32 levels are the most', () => {
    const nested = (levels: number): AttributeValue =>
      levels === 1 ? { S: 'leaf' } : { L: [nested(levels - 1)] }
    expect(checkValue(nested(32))).toEqual(nested(32))
    expect(() => checkValue(nested(33))).toThrow('Nesting Levels have exceeded supported limits')
  })
})
