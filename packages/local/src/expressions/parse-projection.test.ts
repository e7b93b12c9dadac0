import { describe, expect, test } from 'vitest'
import { parseProjection } from './parse-projection.ts'
import { Placeholders } from './placeholders.ts'

const placeholders = new Placeholders(
  new Map([
    ['#x', 'x'],
    ['#dotted', 'a.b'],
  ]),
  new Map(),
)

const message = (text: string) => {
  try {
    parseProjection(text, placeholders)
    return 'fine'
  } catch (error) {
    return (error as Error).message.replace('Invalid ProjectionExpression: ', '')
  }
}

describe('parseProjection', () => {
  test('gives the paths in their order', () => {
    expect(parseProjection('y[1].#x, #dotted,z', placeholders)).toEqual([['y', 1, 'x'], ['a.b'], ['z']])
  })

  test.each([
    ['', 'The expression can not be empty;'],
    ['!!! INVALID !!!', 'Syntax error; token: "!", near: "!!"'],
    ['x,', 'Syntax error; token: "<EOF>", near: ","'],
    ['x y', 'Syntax error; token: "y", near: "x y"'],
    ['x.1', 'Syntax error; token: "1", near: ".1"'],
    ['size(x)', 'Syntax error; token: "(", near: "size(x"'],
    [':v', 'Syntax error; token: ":v", near: ":v"'],
    ['and', 'Syntax error; token: "and", near: "and"'],
    ['x, x, status', 'Attribute name is a reserved keyword; reserved keyword: status'],
    ['x[2147483648]', 'List index is not within the allowable range; index: [2147483648]'],
    [
      'x, x, #nope',
      'An expression attribute name used in the document path is not defined; attribute name: #nope',
    ],
    [
      '#nope, x, #x',
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [x], path two: [x]',
    ],
    [
      'x.y, x[0]',
      'Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [x, y], path two: [x, [0]]',
    ],
    [`x${'.x'.repeat(32)}`, 'The document path has too many nesting levels; nesting levels: 33'],
    ['x'.padEnd(4097), 'Expression size has exceeded the maximum allowed size;'],
  ])('%j: %s', (text, expected) => {
    expect(message(text)).toBe(expected)
  })
})
