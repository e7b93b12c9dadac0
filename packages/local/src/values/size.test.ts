import { describe, expect, test } from 'vitest'
import { itemSize, numberSize, valueSize } from './size.ts'

describe('sizes', () => {
  test.each([
    ['0', 1],
    ['1', 2],
    ['12', 2],
    ['123', 3],
    ['100', 2],
    ['1000', 2],
    ['-1', 3],
    ['0.1', 2],
    ['0.01', 2],
    ['1.5', 3],
    ['10.5', 3],
    ['0.001', 2],
    ['12345678901234567890123456789012345678', 20],
    ['-12345678901234567890123456789012345678', 21],
    ['1.2345678901234567890123456789012345678', 21],
  ])('the number %s takes %i bytes', (text, size) => {
    expect(numberSize(text)).toBe(size)
  })

  test.each([
    [{ S: 'héllo' }, 6],
    [{ S: '😀' }, 4],
    [{ S: '' }, 0],
    [{ B: 'AQID' }, 3],
    [{ B: 'AQI=' }, 2],
    [{ B: 'AQ==' }, 1],
    [{ B: '' }, 0],
    [{ BOOL: false }, 1],
    [{ NULL: true }, 1],
    [{ SS: ['a', 'bc'] }, 3],
    [{ NS: ['1', '100'] }, 4],
    [{ BS: ['AQID', 'AQ=='] }, 4],
    [{ L: [] }, 3],
    [{ M: {} }, 3],
    [{ L: [{ S: 'a' }, { L: [] }] }, 3 + 1 + 1 + 1 + 3],
    [{ M: { ab: { S: 'c' } } }, 3 + 1 + 2 + 1],
  ] as const)('%j takes %i bytes', (value, size) => {
    expect(valueSize(value)).toBe(size)
  })

  test('an item is its names and values', () => {
    expect(itemSize({ pk: { S: 'abc' }, ü: { BOOL: true } })).toBe(2 + 3 + 2 + 1)
  })
})
