import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addNumbers,
  compareNumbers,
  formatDecimal,
  normalizeNumber,
  parseDecimal,
  subtractNumbers,
} from './number.ts'

describe('normalised numbers', () => {
  test.each([
    ['0', '0'],
    ['-0', '0'],
    ['0.000', '0'],
    ['0e999', '0'],
    ['+7', '7'],
    ['00042', '42'],
    ['1.0', '1'],
    ['3.1400', '3.14'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['-1.5E2', '-150'],
    ['1e-3', '0.001'],
    ['12e-1', '1.2'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['1E125', `1${'0'.repeat(125)}`],
    ['1E-130', `0.${'0'.repeat(129)}1`],
    ['9.9999999999999999999999999999999999999E+125', `${'9'.repeat(38)}${'0'.repeat(88)}`],
    [`${'0'.repeat(50)}1`, '1'],
  ])('%s is %s', (text, normal) => {
    expect(normalizeNumber(text)).toBe(normal)
  })

  test.each([
    ['', 'The parameter cannot be converted to a numeric value'],
    ['.', 'The parameter cannot be converted to a numeric value: .'],
    ['abc', 'The parameter cannot be converted to a numeric value: abc'],
    ['1 ', 'The parameter cannot be converted to a numeric value: 1 '],
    ['0x10', 'The parameter cannot be converted to a numeric value: 0x10'],
    ['NaN', 'The parameter cannot be converted to a numeric value: NaN'],
    ['1e', 'The parameter cannot be converted to a numeric value: 1e'],
    ['1e126', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
    ['-1e126', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
    ['1e-131', 'Number underflow. Attempting to store a number with magnitude smaller than supported range'],
    [`1${'0'.repeat(37)}1`, 'Attempting to store more than 38 significant digits in a Number'],
  ])('%s is refused', (text, message) => {
    expect(() => normalizeNumber(text)).toThrow(message)
  })

  test('what was normalised stays as it is', () => {
    fc.assert(
      fc.property(aNumber, (text) => {
        const normal = normalizeNumber(text)
        expect(normalizeNumber(normal)).toBe(normal)
        expect(formatDecimal(parseDecimal(normal))).toBe(normal)
        expect(Number(normal)).toBe(Number(text) + 0)
      }),
    )
  })
})

describe('arithmetic', () => {
  test.each([
    ['0.1', '0.2', '0.3'],
    ['1', '-1', '0'],
    ['99999999999999999999999999999999999999', '1', `1${'0'.repeat(38)}`],
    ['1e-20', '1', '1.00000000000000000001'],
    ['-0.5', '0.25', '-0.25'],
    ['0', '-3', '-3'],
  ])('%s + %s = %s', (left, right, sum) => {
    expect(addNumbers(normalizeNumber(left), normalizeNumber(right))).toBe(sum)
  })

  test('a sum of more than 38 digits is refused', () => {
    expect(() => addNumbers(normalizeNumber('1e38'), '0.1')).toThrow(
      'Attempting to store more than 38 significant digits in a Number',
    )
    expect(() => addNumbers(normalizeNumber('9e125'), normalizeNumber('9e125'))).toThrow('Number overflow.')
  })

  test('agrees with integers of any size', () => {
    const integers = fc.bigInt({ min: -(10n ** 36n), max: 10n ** 36n })
    fc.assert(
      fc.property(integers, integers, (left, right) => {
        expect(addNumbers(String(left), String(right))).toBe(String(left + right))
        expect(subtractNumbers(String(left), String(right))).toBe(String(left - right))
        expect(Math.sign(compareNumbers(String(left), String(right)))).toBe(
          left < right ? -1 : left > right ? 1 : 0,
        )
      }),
    )
  })
})

const aNumber = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    fc.stringMatching(/^\d{1,20}$/),
    fc.stringMatching(/^\d{0,15}$/),
    fc.integer({ min: -80, max: 80 }),
  )
  .map(([sign, integer, fraction, exponent]) => `${sign}${integer}.${fraction}e${String(exponent)}`)
