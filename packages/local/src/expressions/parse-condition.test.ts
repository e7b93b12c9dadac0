import { describe, expect, test } from 'vitest'
import type { AttributeValue } from '../values/attribute-value.ts'
import { parseCondition } from './parse-condition.ts'
import { Placeholders } from './placeholders.ts'

const values: Readonly<Record<string, AttributeValue>> = {
  ':s': { S: 's' },
  ':t': { S: 't' },
  ':n': { N: '1' },
  ':m': { N: '10' },
  ':b': { B: 'YQ==' },
  ':bool': { BOOL: true },
  ':null': { NULL: true },
  ':map': { M: {} },
  ':list': { L: [] },
  ':ss': { SS: ['a'] },
}

const message = (text: string, kind: 'FilterExpression' | 'ConditionExpression' = 'FilterExpression') => {
  const placeholders = new Placeholders(new Map([['#x', 'x']]), new Map(Object.entries(values)))
  try {
    parseCondition(kind, text, placeholders)
    return 'fine'
  } catch (error) {
    return (error as Error).message.replace(`Invalid ${kind}: `, '')
  }
}

const repeat = (times: number, text: string, separator: string) => Array(times).fill(text).join(separator)

describe('syntax', () => {
  test.each([
    ['', 'The expression can not be empty;'],
    [' ', 'Syntax error; token: "<EOF>", near: " "'],
    ['x', 'Syntax error; token: "<EOF>", near: "x"'],
    ['x =', 'Syntax error; token: "<EOF>", near: "="'],
    ['x =  ', 'Syntax error; token: "<EOF>", near: "=  "'],
    ['  ! y', 'Syntax error; token: "!", near: "  ! y"'],
    ['!!! no', 'Syntax error; token: "!", near: "!!"'],
    ['x > 4', 'Syntax error; token: "4", near: "> 4"'],
    ['this is no condition', 'Syntax error; token: "is", near: "this is no"'],
    ['attribute_exists(a-b)', 'Syntax error; token: "-", near: "a-b"'],
    ['attribute_exists("a.b")', 'Syntax error; token: """, near: "("a"'],
    ['attribute_exists(a..b)', 'Syntax error; token: ".", near: "..b"'],
    ['x[y] = z', 'Syntax error; token: "y", near: "[y]"'],
    ['x[-1] = z', 'Syntax error; token: "-", near: "[-1"'],
    ['x[01] = z', 'Syntax error; token: "1", near: "01]"'],
    ['x[4.5] = z', 'Syntax error; token: ".", near: "4.5"'],
    ['x in y, z', 'Syntax error; token: "y", near: "in y,"'],
    ['x in (y, z,)', 'Syntax error; token: ")", near: ",)"'],
    ['x in (y', 'Syntax error; token: "<EOF>", near: "y"'],
    ['x = y)', 'Syntax error; token: ")", near: "y)"'],
    ['(x = y', 'Syntax error; token: "<EOF>", near: "y"'],
    ['(x = y) = z', 'Syntax error; token: "=", near: ") = z"'],
    ['x between y or z', 'Syntax error; token: "or", near: "y or z"'],
    ['x > between', 'Syntax error; token: "between", near: "> between"'],
    ['x > set', 'Syntax error; token: "set", near: "> set"'],
    ['_x = y', 'Syntax error; token: "_", near: "_x"'],
    ['1x = y', 'Syntax error; token: "1", near: "1x"'],
    ['x = :', 'Syntax error; token: ":", near: "= :"'],
    ['x = #', 'Syntax error; token: "#", near: "= #"'],
    ['size() > x', 'Syntax error; token: ")", near: "() >"'],
    ['size(x).y > z', 'Syntax error; token: ".", near: ").y"'],
    ['(x.y).z > z', 'Syntax error; token: ".", near: ").z"'],
    ['size(x = y) > z', 'Syntax error; token: "=", near: "x = y"'],
    ['x == y', 'Syntax error; token: "=", near: "== y"'],
    ['x = y + z', 'Syntax error; token: "+", near: "y + z"'],
    ['x\f= y', 'Syntax error; token: "\f", near: "x\f="'],
    ['é = y', 'Syntax error; token: "é", near: "é ="'],
    ['('.repeat(400), 'Syntax error; token: "<EOF>", near: "("'],
  ])('%j: %s', (text, expected) => {
    expect(message(text)).toBe(expected)
  })

  test.each([
    'x = :s',
    '#x=:s',
    'x\t=\r\n:s',
    'x[0][12].y.#x <> z',
    'x [ 0 ] . y = z',
    'size (x) >= :n',
    'NOT not x = y AND (y = z or (x < z))',
    '((x = y) AND (y = z))',
    'x BETWEEN :n AND :m and y between x and z',
    '(x) in ((y), z)',
    'contains((x), (y))',
    'a_1 = a1_',
  ])('accepts %j', (text) => {
    expect(message(text)).toBe('fine')
  })

  test('reads AND before OR and NOT before both', () => {
    const placeholders = new Placeholders(new Map(), new Map())
    const read = (text: string) => parseCondition('FilterExpression', text, placeholders)
    expect(read('not a = b or c = d and e = f')).toEqual(read('(not a = b) or (c = d and e = f)'))
  })

  test.each([
    '((x = y))',
    'x = y AND ((x = z)) AND z = y',
    '((x)) = y',
    'x in (((y)))',
    'contains(x, ((y)))',
    'unknown(((x))) = y',
    'status = y and ((x)) = z',
    `${'('.repeat(1000)}x${')'.repeat(1000)} = y`,
  ])('refuses redundant parentheses in %j', (text) => {
    expect(message(text)).toBe('The expression has redundant parentheses;')
  })
})

describe('what the text alone can tell', () => {
  test.each([
    ['unknown(x)', 'Invalid function name; function: unknown'],
    ['Size(x) = y', 'Invalid function name; function: Size'],
    ['if_not_exists(x, y)', 'The function is not allowed in a condition expression; function: if_not_exists'],
    ['x = list_append(x, y)', 'The function is not allowed in a condition expression; function: list_append'],
    ['size(x)', 'The function is not allowed to be used this way in an expression; function: size'],
    [
      'contains(x, y) > z',
      'The function is not allowed to be used this way in an expression; function: contains',
    ],
    [
      'size(contains(x, y)) > z',
      'The function is not allowed to be used this way in an expression; function: contains',
    ],
    ['x = aBort', 'Attribute name is a reserved keyword; reserved keyword: aBort'],
    ['x.name = y', 'Attribute name is a reserved keyword; reserved keyword: name'],
    ['x[2147483648] = y', 'List index is not within the allowable range; index: [2147483648]'],
  ])('%j: %s', (text, expected) => {
    expect(message(text)).toBe(expected)
  })

  test('is reported from left to right', () => {
    expect(message('status = y and unknown(x)')).toContain('reserved keyword: status')
    expect(message('x = unknown(status)')).toContain('function: unknown')
    expect(message('x[99999999999].status = z')).toContain('index: [99999999999]')
    expect(message('x.status[99999999999] = z')).toContain('reserved keyword: status')
  })

  test('is reported before names and values are looked up', () => {
    expect(message('x = :nope and status = y')).toContain('reserved keyword: status')
  })
})

describe('operands', () => {
  test.each([
    ['x = :nope', 'An expression attribute value used in expression is not defined; attribute value: :nope'],
    [
      'x.#nope = y',
      'An expression attribute name used in the document path is not defined; attribute name: #nope',
    ],
    [
      'begins_with(x)',
      'Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1',
    ],
    [
      'attribute_exists(x, y)',
      'Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2',
    ],
    [
      'x = #x',
      'The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [x]',
    ],
    [
      'contains(a[1].#x, a[1].x)',
      'The first operand must be distinct from the remaining operands for this operator or function; operator: contains, first operand: [a, [1], x]',
    ],
    [
      'x in (y, x)',
      'The first operand must be distinct from the remaining operands for this operator or function; operator: IN, first operand: [x]',
    ],
    [
      'x between y and x',
      'The first operand must be distinct from the remaining operands for this operator or function; operator: BETWEEN, first operand: [x]',
    ],
    [
      'attribute_exists(:s)',
      'Operator or function requires a document path; operator or function: attribute_exists',
    ],
    [
      'attribute_not_exists(size(x))',
      'Operator or function requires a document path; operator or function: attribute_not_exists',
    ],
    [
      'attribute_type(x, :s)',
      'Invalid attribute type name found; type: s, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}',
    ],
    [
      'x between :n and :s',
      'The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:s}',
    ],
    [
      'x between :m and :n',
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:10}, upper bound operand: AttributeValue: {N:1}',
    ],
    [
      'x between :b and :n',
      'The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {B:java.nio.HeapByteBuffer[pos=0 lim=1 cap=1]}, upper bound operand: AttributeValue: {N:1}',
    ],
  ])('%j: %s', (text, expected) => {
    expect(message(text)).toBe(expected)
  })

  test.each([
    ['x < :map', '<', 'M'],
    [':bool >= x', '>=', 'BOOL'],
    ['x between :null and y', 'BETWEEN', 'NULL'],
    ['x between y and :ss', 'BETWEEN', 'SS'],
    ['begins_with(x, :n)', 'begins_with', 'N'],
    ['begins_with(:list, x)', 'begins_with', 'L'],
    ['begins_with(x, size(y))', 'begins_with', 'N'],
    ['size(:n) = x', 'size', 'N'],
    ['size(size(x)) = y', 'size', 'N'],
    ['attribute_type(x, :n)', 'attribute_type', 'N'],
    ['attribute_type(x, y)', 'attribute_type', '{NS,SS,L,BS,N,M,B,BOOL,NULL,S}'],
  ])('%j: %s takes no %s', (text, name, type) => {
    expect(message(text)).toBe(
      `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`,
    )
  })

  test('are checked operator by operator, from left to right', () => {
    expect(message('x = :nope and y = #nope')).toContain('attribute value: :nope')
    expect(message('y = #nope and x = :nope')).toContain('attribute name: #nope')
    expect(message('x = x and begins_with(y)')).toContain('must be distinct')
    expect(message('begins_with(y) and x = x')).toContain('number of operands: 1')
  })
})

describe('limits', () => {
  test('takes 4,096 characters and says how many there are', () => {
    expect(message('x = y'.padEnd(4096))).toBe('fine')
    expect(message('x = y'.padEnd(4097), 'ConditionExpression')).toBe(
      'Expression size has exceeded the maximum allowed size; expression size: 4097',
    )
  })

  test('takes 300 operators and functions', () => {
    const tooMany = 'The expression contains too many operators; operator count: 301'
    expect(message(repeat(150, 'x=y', ' AND '))).toBe('fine')
    expect(message(repeat(151, 'x=y', ' AND '))).toBe(tooMany)
    expect(message(repeat(100, 'size(x)=y', ' or '))).toBe('fine')
    expect(message(repeat(101, 'size(x)=y', ' or '))).toBe(tooMany)
    expect(message(`${'NOT '.repeat(299)}x=y`)).toBe('fine')
    expect(message(`${'NOT '.repeat(300)}x=y`)).toBe(tooMany)
    expect(message(`${'(NOT '.repeat(299)}x=y${')'.repeat(299)}`)).toBe('fine')
  })

  test('counts operators after everything else is checked', () => {
    expect(message(`${repeat(151, 'x=y', ' AND ')} AND x=x`)).toContain('must be distinct')
  })

  test('takes 100 operands of IN', () => {
    expect(message(`x in (${repeat(100, 'y', ',')})`)).toBe('fine')
    expect(message(`x in (${repeat(101, 'y', ',')})`)).toBe(
      'The IN operator is provided with too many operands; number of operands: 101',
    )
  })

  test('takes paths of 32 levels', () => {
    expect(message(`x${'.x'.repeat(31)} = y`)).toBe('fine')
    expect(message(`x${'[0]'.repeat(32)} = y`)).toBe(
      'The document path has too many nesting levels; nesting levels: 33',
    )
  })
})
