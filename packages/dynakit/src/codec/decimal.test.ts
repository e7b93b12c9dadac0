import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ValidationError } from '../errors/request-errors.ts'
import { addNumbers } from './add.ts'
import { canonicalNumber, Decimal } from './decimal.ts'

const ruleOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (ValidationError.is(error)) return error.rule
    throw error
  }
  return 'accepted'
}

describe('Decimal', () => {
  test.each([
    ['12.50', '12.5'],
    ['-0', '0'],
    ['+7', '7'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1e3', '1000'],
    ['1.25E-3', '0.00125'],
    ['-0012.3400', '-12.34'],
    ['100000000000000000000000000000000000000e10', '1000000000000000000000000000000000000000000000000'],
  ])('writes %s as %s', (given, expected) => {
    expect(Decimal.from(given).toString()).toBe(expected)
  })

  test.each([
    ['', 'number-syntax'],
    ['.', 'number-syntax'],
    ['1,5', 'number-syntax'],
    ['0x10', 'number-syntax'],
    ['NaN', 'number-syntax'],
    ['123456789012345678901234567890123456789', 'number-precision'],
    ['1e126', 'number-range'],
    ['1e-131', 'number-range'],
  ])('refuses %s as %s', (text, rule) => {
    expect(ruleOf(() => Decimal.from(text))).toBe(rule)
  })

  test('holds the limits of the range', () => {
    expect(Decimal.from('9.9999999999999999999999999999999999999e125').toString()).toHaveLength(126)
    expect(Decimal.from('-1e-130').toNumber()).toBe(-1e-130)
    expect(Decimal.from('1e-130').toString()).toBe(`0.${'0'.repeat(129)}1`)
  })

  test('compares exactly across forms of numbers', () => {
    const big = Decimal.from('9007199254740993.1')
    expect(big.compare(9007199254740993n)).toBeGreaterThan(0)
    expect(big.compare(Decimal.from('9007199254740993.2'))).toBeLessThan(0)
    expect(Decimal.from('-2').compare(-1)).toBeLessThan(0)
    expect(Decimal.from('0').compare(-0)).toBe(0)
    expect(Decimal.from('2.50').equals(2.5)).toBe(true)
    expect(Decimal.from('-0.001').compare(0)).toBeLessThan(0)
  })

  test('is known by its mark and keeps its digits in JSON', () => {
    const value = Decimal.from('0.1')
    expect(Decimal.is(value)).toBe(true)
    expect(Decimal.is({})).toBe(false)
    expect(Decimal.is(null)).toBe(false)
    expect(JSON.stringify({ value })).toBe('{"value":"0.1"}')
    expect(Object.prototype.toString.call(value)).toContain('0.1')
  })
})

const decimals = fc
  .tuple(fc.bigInt(-(10n ** 18n), 10n ** 18n), fc.integer({ min: -9, max: 9 }))
  .map(([digits, exponent]) => `${String(digits)}e${String(exponent)}`)

test('two numbers have the same canonical text exactly when they are equal', () => {
  fc.assert(
    fc.property(decimals, decimals, (left, right) => {
      const isSame = canonicalNumber(left) === canonicalNumber(right)
      expect(Decimal.from(left).compare(Decimal.from(right)) === 0).toBe(isSame)
    }),
  )
})

test('addition is exact', () => {
  const scaled = (text: string): bigint => {
    const [digits = '0', exponent = '0'] = text.split('e')
    return BigInt(digits) * 10n ** BigInt(Number(exponent) + 12)
  }
  fc.assert(
    fc.property(decimals, decimals, (left, right) => {
      const sum = addNumbers(Decimal.from(left), Decimal.from(right))
      expect(canonicalNumber(sum.toString())).toBe(
        canonicalNumber(`${String(scaled(left) + scaled(right))}e-12`),
      )
    }),
  )
  expect(addNumbers(1, 2)).toBe(3)
  expect(addNumbers(0.1, 0.2).toString()).toBe('0.3')
  expect(addNumbers(Number.MAX_SAFE_INTEGER, 1)).toBe(9007199254740992n)
  expect(addNumbers(5n, -7)).toBe(-2n)
})
