import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DefinitionError, ValidationError } from '../errors/request-errors.ts'
import { isCopy, parseTemplate, renderTemplate, templateFields, templatesOverlap } from './key-template.ts'
import type { NativeValue } from '../codec/native-value.ts'
import { Decimal } from '../codec/decimal.ts'

const template = (source: string) => parseTemplate(source, '#', 'test')
const render = (source: string, values: Record<string, NativeValue | undefined>) =>
  renderTemplate(template(source), values)
const rule = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (ValidationError.is(error) || DefinitionError.is(error)) return error.rule
    throw error
  }
  return 'accepted'
}

describe('parseTemplate', () => {
  test('reads literals and fields', () => {
    expect(template('ORDER#{orderId}#{total:10}').parts).toEqual([
      'ORDER#',
      { field: 'orderId', width: undefined },
      '#',
      { field: 'total', width: 10 },
    ])
    expect(templateFields(template('A'))).toEqual([])
    expect(isCopy(template('{a}'))).toBe(true)
    expect(isCopy(template('{a:5}'))).toBe(false)
    expect(isCopy(template('X#{a}'))).toBe(false)
  })

  test.each([
    ['', 'template-empty'],
    ['A#{b', 'template-syntax'],
    ['A#b}', 'template-syntax'],
    ['{}', 'template-syntax'],
    ['{a}{b}', 'template-ambiguous'],
    ['{a}-{b}', 'template-ambiguous'],
    ['{a:5}{b}', 'template-ambiguous'],
  ])('refuses %s as %s', (source, expected) => {
    expect(rule(() => template(source))).toBe(expected)
  })
})

describe('renderTemplate', () => {
  test('writes strings, numbers and booleans', () => {
    expect(render('C#{a}#{b}#{c}#{d}', { a: 'x', b: 1.5, c: true, d: 10n ** 20n })).toBe(
      'C#x#1.5#true#100000000000000000000',
    )
    expect(render('N#{a}', { a: 1e-7 })).toBe('N#0.0000001')
    expect(render('N#{a}#{b}', { a: -0, b: -12 })).toBe('N#0#-12')
    expect(render('N#{a}', { a: Number.MAX_SAFE_INTEGER })).toBe('N#9007199254740991')
    expect(render('N#{a}', { a: 2n ** 60n })).toBe('N#1152921504606846976')
    expect(render('N#{a}', { a: Decimal.from('2.50') })).toBe('N#2.5')
    expect(render('F#{a}', { a: false })).toBe('F#false')
    expect(render('A#{a}', {})).toBeUndefined()
  })

  test('pads numbers so that text order is number order', () => {
    const number = fc.oneof(
      fc.nat(9_999_999),
      fc.integer({ min: 0, max: 999_999_999 }).map((cents) => cents / 100),
    )
    fc.assert(
      fc.property(number, number, (left, right) => {
        const a = render('{n:8}', { n: left }) ?? ''
        const b = render('{n:8}', { n: right }) ?? ''
        expect(a < b).toBe(left < right)
      }),
    )
  })

  test.each<[string, NativeValue, string]>([
    ['X#{a}', 'b#c', 'key-separator'],
    ['X#{a}', null, 'key-value-type'],
    ['X#{a}', new Uint8Array([1]), 'key-value-type'],
    ['X#{a}', { m: 1 }, 'key-value-type'],
    ['X#{a}', Number.NaN, 'number-not-finite'],
    ['X#{a}', 2 ** 60, 'number-unsafe-integer'],
    ['{a:30}', 2 ** 60, 'number-unsafe-integer'],
    ['X#{a}', 10n ** 38n + 1n, 'number-precision'],
    ['{a:3}', -1, 'key-number-range'],
    ['{a:3}', 1000, 'key-number-range'],
    ['{a:3}', '7', 'key-value-type'],
  ])('%s refuses %o as %s', (source, value, expected) => {
    expect(rule(() => render(source, { a: value }))).toBe(expected)
  })
})

describe('templatesOverlap', () => {
  test.each<[string, string, boolean]>([
    ['USER#{id}', 'USER#{id}', true],
    ['USER#{id}', 'USER#{name}', true],
    ['USER#{id}', 'ORDER#{id}', false],
    ['ORDER#{id}', 'ORDER#{id}#LINE#{line}', false],
    ['PROFILE', 'PROFILE', true],
    ['PROFILE', 'PROFILES', false],
    ['{id}', 'USER#{id}', false],
    ['{id}', 'USER', true],
    ['A{id}', '{id}B', true],
    ['A#{id}B', 'A#{id}C', false],
    ['{a}#{b}', 'X#{c}', true],
    ['{a}#{b}', 'X#{c}#Y', false],
  ])('%s and %s: %s', (left, right, expected) => {
    expect(templatesOverlap(template(left), template(right))).toBe(expected)
    expect(templatesOverlap(template(right), template(left))).toBe(expected)
  })

  test('a key attribute without template overlaps with everything', () => {
    expect(templatesOverlap(undefined, template('A'))).toBe(true)
  })

  test('two templates that do not overlap never write the same key, and a template is injective', () => {
    const literal = fc.stringMatching(/^[AB#]{0,3}$/)
    const source = fc
      .array(literal, { minLength: 2, maxLength: 4 })
      .map((literals) =>
        literals.reduce((text, part, at) => (at === 0 ? part : `${text}{f${String(at)}}${part}`), ''),
      )
      .filter((text) => rule(() => template(text)) === 'accepted')
    const fieldValue = fc.stringMatching(/^[AB]{0,3}$/)
    const values = fc.record({ f1: fieldValue, f2: fieldValue, f3: fieldValue })
    fc.assert(
      fc.property(source, source, values, values, (a, b, left, right) => {
        const keyA = render(a, left)
        const keyB = render(b, right)
        if (keyA === keyB) expect(templatesOverlap(template(a), template(b))).toBe(true)
        if (render(a, right) === keyA) {
          for (const field of templateFields(template(a)) as (keyof typeof left)[])
            expect(right[field]).toBe(left[field])
        }
      }),
      { numRuns: 3000 },
    )
  })
})
