import { expect, test } from 'vitest'
import { ValidationError } from '../errors/request-errors.ts'
import { ancestorOf, attributePath, isAttribute, parsePath, rootOf } from './path.ts'

test.each<[string, readonly (string | number)[], boolean]>([
  ['status', ['status'], false],
  ['address.city', ['address', 'city'], false],
  ['lines[0].sku', ['lines', 0, 'sku'], false],
  ['grid[1][22]', ['grid', 1, 22], false],
  ['size(labels)', ['labels'], true],
  ['size(a.b[0])', ['a', 'b', 0], true],
  [String.raw`a\.b.c`, ['a.b', 'c'], false],
  [String.raw`a\[0\]`, ['a[0]'], false],
  [String.raw`back\\slash`, ['back\\slash'], false],
  ['with space', ['with space'], false],
])('%s', (text, segments, isSize) => {
  expect(parsePath(text)).toMatchObject({ text, segments, isSize })
})

test.each(['', '.', 'a.', '.a', 'a..b', 'a[', 'a[]', 'a[x]', 'a[-1]', 'a[0]b', '[0]', 'a]', 'a\\', 'size()'])(
  'refuses %o',
  (text) => {
    expect(() => parsePath(text)).toThrow(ValidationError)
  },
)

test('a stored name is taken as it is', () => {
  for (const name of ['a.b', 'a[0]', 'size(x)', 'back\\slash', 'plain']) {
    expect(attributePath(name)).toMatchObject({ segments: [name], isSize: false })
  }
})

test('roots, attributes and ancestors', () => {
  expect(rootOf(parsePath('a.b'))).toBe('a')
  expect([
    isAttribute(parsePath('a')),
    isAttribute(parsePath('a.b')),
    isAttribute(parsePath('size(a)')),
  ]).toEqual([true, false, false])
  expect(ancestorOf(parsePath(String.raw`a\.x.b[0].c`), 3).segments).toEqual(['a.x', 'b', 0])
})

test('equal texts share one parsed path', () => {
  expect(parsePath('some.path')).toBe(parsePath('some.path'))
  for (let at = 0; at < 2100; at++) parsePath(`filler${String(at)}`)
  expect(parsePath('some.path').segments).toEqual(['some', 'path'])
})
