import { describe, expect, test } from 'vitest'
import type { AttributeValue } from '../values/attribute-value.ts'
import { parseUpdate } from './parse-update.ts'
import { Placeholders } from './placeholders.ts'

const values: Readonly<Record<string, AttributeValue>> = {
  ':s': { S: 's' },
  ':n': { N: '1' },
  ':b': { B: 'YQ==' },
  ':bool': { BOOL: true },
  ':null': { NULL: true },
  ':map': { M: {} },
  ':list': { L: [] },
  ':ss': { SS: ['a'] },
}

const message = (text: string) => {
  try {
    parseUpdate(text, new Placeholders(new Map([['#x', 'x']]), new Map(Object.entries(values))))
    return 'fine'
  } catch (error) {
    return (error as Error).message.replace('Invalid UpdateExpression: ', '')
  }
}

const list = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(',')

describe('syntax', () => {
  test.each([
    ['', 'The expression can not be empty;'],
    ['INVALID SYNTAX HERE', 'Syntax error; token: "INVALID", near: "INVALID SYNTAX"'],
    ['set', 'Syntax error; token: "<EOF>", near: "set"'],
    ['set x', 'Syntax error; token: "<EOF>", near: "x"'],
    ['set x = y,', 'Syntax error; token: "<EOF>", near: ","'],
    ['set x = y, remove z', 'Syntax error; token: "remove", near: ", remove z"'],
    ['set x = set', 'Syntax error; token: "set", near: "= set"'],
    ['set (x) = y', 'Syntax error; token: "(", near: "set (x"'],
    ['set if_not_exists(x, y) = z', 'Syntax error; token: "(", near: "if_not_exists(x"'],
    ['set x = y * z', 'Syntax error; token: "*", near: "y * z"'],
    ['set x = 1', 'Syntax error; token: "1", near: "= 1"'],
    ['set x = -:n', 'Syntax error; token: "-", near: "= -:n"'],
    ['set x = y + z + z', 'Syntax error; token: "+", near: "z + z"'],
    ['set x = y + (z + z)', 'Syntax error; token: "+", near: "z + z"'],
    ['set x = (y + z) + z', 'Syntax error; token: "+", near: ") + z"'],
    ['set x = (y.z).z', 'Syntax error; token: ".", near: ").z"'],
    ['set x = list_append(y, z + z)', 'Syntax error; token: "+", near: "z + z"'],
    ['set x = f()', 'Syntax error; token: ")", near: "()"'],
    ['remove (x)', 'Syntax error; token: "(", near: "remove (x"'],
    ['remove x = y', 'Syntax error; token: "=", near: "x = y"'],
    ['add x y', 'Syntax error; token: "y", near: "x y"'],
    ['add x (:n)', 'Syntax error; token: "(", near: "x (:n"'],
    ['delete x if_not_exists(y)', 'Syntax error; token: "if_not_exists", near: "x if_not_exists("'],
    ['set x = :s;', 'Syntax error; token: ";", near: ":s;"'],
  ])('%j: %s', (text, expected) => {
    expect(message(text)).toBe(expected)
  })

  test.each([
    'SET x = :s remove y ADD z :n delete w :ss',
    'set x=y-:n, z = (y + :n)',
    'set x = ((y) - (z))',
    'set x = if_not_exists(y, if_not_exists(z, :n)) + :n',
    'set x = list_append(if_not_exists(y, :list), :list)',
    'set x.y[1] = z[0].#x',
    'remove x[0], x[1], y',
    'set x = list_append(x, x)',
  ])('accepts %j', (text) => {
    expect(message(text)).toBe('fine')
  })

  test.each(['set x = ((y))', 'set x = ((y + z))', 'set x = y + ((z))', 'set x = if_not_exists(((y)), :n)'])(
    'refuses redundant parentheses in %j',
    (text) => {
      expect(message(text)).toBe('The expression has redundant parentheses;')
    },
  )

  test('reads deeply nested parentheses without running out of stack', () => {
    expect(message(`set x = ${'('.repeat(4000)}`)).toContain('The expression has redundant parentheses;')
    expect(message(`set x = ${'f('.repeat(2000)}`)).toContain('The expression has redundant parentheses;')
  })
})

describe('what the text alone can tell', () => {
  test.each([
    ['set x = unknown(y)', 'Invalid function name; function: unknown'],
    ['set x = size(y)', 'The function is not allowed in an update expression; function: size'],
    [
      'set x = list_append(list_append(y, z), z)',
      'The function is not allowed to be used this way in an expression; function: list_append',
    ],
    [
      'set x = y + list_append(z, z)',
      'The function is not allowed to be used this way in an expression; function: list_append',
    ],
    ['set status = y', 'Attribute name is a reserved keyword; reserved keyword: status'],
    ['remove x[99999999999]', 'List index is not within the allowable range; index: [99999999999]'],
    ['set x = y set z = y', 'The "SET" section can only be used once in an update expression;'],
    ['remove x set y = z remove w', 'The "REMOVE" section can only be used once in an update expression;'],
  ])('%j: %s', (text, expected) => {
    expect(message(text)).toBe(expected)
  })

  test('says that a section is repeated after what is wrong inside of it', () => {
    expect(message('set x = y set z = unknown(y)')).toContain('function: unknown')
    expect(message('set x = y set z = y remove status')).toContain('"SET" section')
  })
})

describe('paths', () => {
  test.each([
    ['set x = :s, x = :s', 'overlap', '[x]', '[x]'],
    ['set x = :s remove #x', 'overlap', '[x]', '[x]'],
    ['set x.y = :s remove x', 'overlap', '[x, y]', '[x]'],
    ['remove x set x.y[1] = :s', 'overlap', '[x]', '[x, y, [1]]'],
    ['set x[0] = :s, x.y = :s', 'conflict', '[x, [0]]', '[x, y]'],
    ['set x = :s, z = :s, z = :s, x = :s', 'overlap', '[z]', '[z]'],
    ['set x.y.z = :s, x.y = :s, x = :s', 'overlap', '[x, y]', '[x]'],
  ])('%j: %s', (text, problem, first, second) => {
    expect(message(text)).toBe(
      `Two document paths ${problem} with each other; must remove or rewrite one of these paths; ` +
        `path one: ${first}, path two: ${second}`,
    )
  })

  test('are checked before values, and from the last to the first', () => {
    expect(message('set x = :nope, x = :s')).toContain('overlap')
    expect(message('set x = :nope remove #nope')).toContain('attribute name: #nope')
    expect(message('set #first = :s, #last = :s')).toContain('attribute name: #last')
    expect(message('set x = :first, y = :last')).toContain('attribute value: :last')
    expect(message('set x = y remove z' + '.z'.repeat(32))).toContain('nesting levels: 33')
  })
})

describe('operands', () => {
  test.each([
    [
      'set x = if_not_exists(y)',
      'Incorrect number of operands for operator or function; operator or function: if_not_exists, number of operands: 1',
    ],
    [
      'set x = list_append(y, z, :list)',
      'Incorrect number of operands for operator or function; operator or function: list_append, number of operands: 3',
    ],
    [
      'set x = if_not_exists(:n, :n)',
      'Operator or function requires a document path; operator or function: if_not_exists',
    ],
    [
      'set x = if_not_exists(if_not_exists(y, z), :n)',
      'Operator or function requires a document path; operator or function: if_not_exists',
    ],
    [
      'set x = if_not_exists(y, y)',
      'The first operand must be distinct from the remaining operands for this operator or function; operator: if_not_exists, first operand: [y]',
    ],
    [
      'set x = list_append(y, :s)',
      'Incorrect operand type for operator or function; operator or function: list_append, operand type: S',
    ],
    [
      'set x = :bool - y',
      'Incorrect operand type for operator or function; operator or function: -, operand type: BOOL',
    ],
  ])('%j: %s', (text, expected) => {
    expect(message(text)).toBe(expected)
  })

  test.each([
    ['add x :s', 'ADD', 'STRING'],
    ['add x :b', 'ADD', 'BINARY'],
    ['add x :bool', 'ADD', 'BOOLEAN'],
    ['add x :null', 'ADD', 'NULL'],
    ['add x :map', 'ADD', 'MAP'],
    ['add x :list', 'ADD', 'LIST'],
    ['delete x :n', 'DELETE', 'NUMBER'],
    ['delete x :s', 'DELETE', 'STRING'],
  ])('%j: %s takes no %s', (text, section, type) => {
    expect(message(text)).toBe(
      `Incorrect operand type for operator or function; operator: ${section}, operand type: ${type}, ` +
        `typeSet: ALLOWED_FOR_${section}_OPERAND`,
    )
  })
})

describe('limits', () => {
  test('takes 300 operators and functions, and any number of actions', () => {
    expect(message(`SET ${list(301, (index) => `a${String(index)}=:n`)}`)).toBe('fine')
    expect(message(`SET ${list(300, (index) => `a${String(index)}=:n+:n`)}`)).toBe('fine')
    expect(message(`SET ${list(301, (index) => `a${String(index)}=:n+:n`)}`)).toBe(
      'The expression contains too many operators; operator count: 301',
    )
  })

  test('takes 4,096 characters', () => {
    expect(message('remove x'.padEnd(4096))).toBe('fine')
    expect(message('remove x'.padEnd(4097))).toBe('Expression size has exceeded the maximum allowed size;')
  })
})
