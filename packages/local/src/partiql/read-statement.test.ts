import { describe, expect, test } from 'vitest'
import { ServiceError } from '../protocol/service-error.ts'
import type { AttributeValue } from '../values/attribute-value.ts'
import { checkParameters } from './check-parameters.ts'
import { readStatement } from './read-statement.ts'

const read = (text: string, ...parameters: AttributeValue[]) =>
  readStatement(text, checkParameters(parameters))

function message(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof ServiceError) return error.message
    throw error
  }
  return 'none'
}

/** What a statement says is wrong, columns included. */
const refusal = (text: string, ...parameters: AttributeValue[]) =>
  message(() => {
    const statement = read(text, ...parameters)
    if (statement.kind === 'select') statement.columns()
  })

/** The place of a piece of a statement as messages have it. */
const at = (text: string, piece: string, length = piece.length) =>
  `at 1:${String(text.lastIndexOf(piece) + 1)}:${String(length)}`

describe('statements that are not well formed', () => {
  const cases: readonly (readonly [text: string, detail: string])[] = [
    ['SELECT', 'Unexpected term'],
    ['SELECT *', 'Expected FROM after SELECT list'],
    ['SELECT * FROM', 'Unexpected term'],
    [
      'SELECT *, a FROM T',
      "Other expressions may not be present in the select list when '*' is used without dot notation.",
    ],
    [
      'SELECT a, * FROM T',
      "Other expressions may not be present in the select list when '*' is used without dot notation.",
    ],
    ['SELECT m[*] FROM T', 'Invalid use of * in select list'],
    ['SELECT m.inner FROM T', 'Invalid path dot component'],
    ['SELECT a AS FROM T', 'Expected identifier for AS-alias'],
    ['SELECT * FROM T WHERE', 'Unexpected term'],
    ['SELECT * FROM T WHERE;', 'Unexpected term'],
    ['SELECT * FROM T WHERE NOT', 'Unexpected term'],
    ['SELECT * FROM T WHERE (', 'Unexpected term'],
    ['SELECT * FROM T WHERE (a = 1', 'Expected RIGHT_PAREN'],
    ['SELECT * FROM T WHERE a = 1)', 'Unexpected token after expression'],
    ['SELECT * FROM T WHERE a = 1 b', 'Unexpected token after expression'],
    ['SELECT * FROM T WHERE a = 1 e5', 'Unexpected token after expression'],
    ['SELECT * FROM T WHERE a =', 'Missing right-hand side expression of infix operator'],
    ['SELECT * FROM T WHERE a = 1 AND', 'Missing right-hand side expression of infix operator'],
    ['SELECT * FROM T WHERE a = 1 OR', 'Missing right-hand side expression of infix operator'],
    ['SELECT * FROM T WHERE a BETWEEN 1', 'Expected AND keyword'],
    ['SELECT * FROM T WHERE a BETWEEN 1 AND', 'Expected expression after AND'],
    ['SELECT * FROM T WHERE ORDER BY a', 'Unexpected keyword'],
    ['SELECT * FROM T WHERE date = 1', 'Unexpected keyword'],
    ['SELECT * FROM T WHERE IS NULL', 'Unexpected operator'],
    ['SELECT * FROM T WHERE a = LIKE', 'Unexpected operator'],
    ['SELECT * FROM T WHERE a = = 1', 'Unexpected operator'],
    ['SELECT * FROM T WHERE a IS FOO', 'Expected type name'],
    ['SELECT * FROM T WHERE a IS STRING(1)', 'CAST for string must have arity of 0..0'],
    ['SELECT * FROM T WHERE a = [1', 'Expected RIGHT_BRACKET'],
    ['SELECT * FROM T WHERE a = [1,]', 'Unexpected term'],
    ['SELECT * FROM T WHERE a = <<1', 'Expected RIGHT_DOUBLE_ANGLE_BRACKET'],
    ["SELECT * FROM T WHERE a = {'b'}", 'Expected COLON'],
    ["SELECT * FROM T WHERE a = {'b': 1", 'Expected RIGHT_CURLY'],
    ['SELECT * FROM T WHERE a = @', 'Identifier must follow @-operator'],
    ['SELECT * FROM T ORDER BY a WHERE a = 1', 'Unexpected token after expression'],
    ['SELECT * FROM T;;', 'Unexpected token after semicolon. (Only one query is allowed.)'],
    ['SLECT * FROM T WHERE a = 1', 'Expected data manipulation'],
    ['SELECTT * FROMM T', 'Unexpected token after expression'],
    ['INSERT T', 'Unexpected keyword'],
    ["INSERT INTO T t VALUE {'a': 1}", 'Unexpected token after expression'],
    ["INSERT INTO T VALUE {'a': 1} b", 'Unexpected token after expression'],
    ["INSERT INTO T VALUES {'a': 1}", 'Expected LEFT_PAREN for row value constructor'],
    ['UPDATE T', 'Expected data manipulation'],
    ['UPDATE T WHERE a = 1', 'Expected data manipulation'],
    ['UPDATE T SET', 'Expected identifier for simple path'],
    ['UPDATE T SET a WHERE b = 1', "Expected '='"],
    ['UPDATE T SET a = 1, WHERE b = 1', 'Expected identifier for simple path'],
    ['UPDATE T SET a.* = 1 WHERE b = 1', 'Invalid path dot component for simple path'],
    ['UPDATE T SET a = 1 WHERE b = 1 RETURNING NEW *', 'Expected ALL keyword'],
    ['DELETE T', 'Expected FROM after DELETE'],
    ['DELETE FROM', 'Expected identifier for simple path'],
    ['DELETE FROM T WHERE a = 1 ORDER BY a', 'Unexpected token after expression'],
    ['FROM T SET a = 1 WHERE b = 1', 'Unexpected token after expression'],
    ['FROM T SELECT *', 'Expected data manipulation'],
  ]
  test.each(cases)('%s', (text, detail) => {
    expect(refusal(text)).toBe(`Statement wasn't well formed, can't be processed: ${detail}`)
  })

  const pieces = ["'a", '"a', '`1`', '#', 'é', '1.5e', '1e+', '/* open', '!', '|', '^', '\u00a0']
  test.each([...pieces, '1e2147483648', '1e99999999999', '1.5e-2147483647'])(
    'what belongs to no token has no details: %s',
    (piece) => {
      expect(refusal(`SELECT * FROM T WHERE a = ${piece}`)).toBe(
        "Statement wasn't well formed, can't be processed: ",
      )
    },
  )

  test('nothing is nested too deeply for an answer', () => {
    for (const piece of ['(', '[', 'NOT ', '- ', '{', 'size(', 'a[', '<<'] as const) {
      expect(refusal(`SELECT * FROM T WHERE ${piece.repeat(5000)}`)).toMatch(/wasn't well formed/)
    }
  })
})

describe('statements DynamoDB does not know', () => {
  test.each([
    ['SELECT DISTINCT a FROM T', 'Unsupported token in expression: DISTINCT'],
    ['SELECT VALUE a FROM T', "Select projection doesn't support value or pivot keywords"],
    ['SELECT a AS b FROM T', 'Aliasing is not supported'],
    ['SELECT a FROM T t', 'Aliasing is not supported'],
    ['SELECT a FROM T AS t', 'Aliasing is not supported'],
    ['UPDATE T t SET a = 1 WHERE b = 1', 'Aliasing is not supported'],
    ['DELETE FROM T t WHERE b = 1', 'Aliasing is not supported'],
    ['SELECT a.* FROM T', "Changing item's hierarchy while reading isn't supported"],
    ['SELECT a, m.a FROM T', 'Duplicate identifiers in select clause: a'],
    ['SELECT a FROM T, U', 'Only select from a single table or index is supported.'],
    ['SELECT a FROM T JOIN U ON b = c', 'Only select from a single table or index is supported.'],
    ["SELECT a FROM 'T'", 'Unexpected from source'],
    ['SELECT a FROM (SELECT * FROM T)', 'Unexpected from source'],
    ['SELECT a FROM T.i.j', 'A path may contain at most 2 components in the FROM clause'],
    ['SELECT a FROM ""', 'Path component cannot be an empty string'],
    ['SELECT a FROM T.""', 'Path component cannot be an empty string'],
    ['SELECT a FROM T GROUP BY a', 'Unsupported clause: GROUP BY'],
    ['SELECT a FROM T ORDER BY a', 'Must have WHERE clause in the statement when using ORDER BY clause.'],
    [
      'SELECT a FROM T WHERE a = 1 ORDER BY 1',
      'Argument to ORDER BY must be of type VariableReference. Type: 1',
    ],
    [
      'SELECT a FROM T WHERE a = 1 ORDER BY m.a',
      'Argument to ORDER BY must be of type VariableReference. Type: PATH',
    ],
    ['SELECT a FROM T WHERE a', 'WHERE clause must contain an expression that resolves to a boolean'],
    ['SELECT a FROM T WHERE true', 'WHERE clause must contain an expression that resolves to a boolean'],
    ['SELECT a FROM T WHERE a = 1 AND b', 'The arguments to AND/OR must be Expressions'],
    ['SELECT a FROM T WHERE NOT b', 'The argument to NOT must be a Type or Expression'],
    ['SELECT a FROM T WHERE a = MISSING', 'MISSING must be compared using IS operator'],
    ["SELECT a FROM T WHERE a LIKE 'b%'", 'Unsupported operator in Condition Expression. Operator: like'],
    ['SELECT a FROM T WHERE a + 1 = 2', 'Unsupported operator in Condition Expression. Operator: +'],
    ['SELECT a FROM T WHERE -a = 2', 'Unsupported operator in Condition Expression. Operator: -'],
    ['SELECT a FROM T WHERE a > -?', 'Unsupported operator in Condition Expression. Operator: -'],
    [
      'SELECT a FROM T WHERE size(a) IS NUMERIC',
      'The left hand side argument to IS must be a Variable Reference, Literal, or Path',
    ],
    [
      'SELECT a FROM T WHERE attribute_exists()',
      'Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 0',
    ],
    [
      'SELECT a FROM T WHERE attribute_exists(a, b)',
      'Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2',
    ],
    [
      "SELECT a FROM T WHERE attribute_exists('a')",
      'Operator or function requires a document path; operator or function: attribute_exists',
    ],
    [
      'SELECT a FROM T WHERE attribute_exists(a) > false',
      'Incorrect operand type for operator or function; operator or function: >, operand type: BOOL',
    ],
    [
      'SELECT a FROM T WHERE a < true',
      'Incorrect operand type for operator or function; operator or function: <, operand type: BOOL',
    ],
    [
      'SELECT a FROM T WHERE a IN []',
      'IN operator must have a left hand argument of type Variable Reference and right hand argument of type Seq with at least one member',
    ],
    [
      'SELECT a FROM T WHERE a IN b',
      'IN operator must have a left hand argument of type Variable Reference and right hand argument of type Seq with at least one member',
    ],
    ['SELECT a FROM T WHERE a = <<>>', 'Empty bags are not supported'],
    [
      "SELECT a FROM T WHERE a = <<1, 'b'>>",
      'Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags',
    ],
    [
      "SELECT a FROM T WHERE a = <<'b', 'b'>>",
      'One or more parameter values were invalid: Input collection [b, b] contains duplicates.',
    ],
    [
      'SELECT a FROM T WHERE a = <<2, 2.0>>',
      'One or more parameter values were invalid: Input collection [2, 2.0] contains duplicates! under root',
    ],
    ["INSERT INTO T {'a': 1}", 'Unsupported operation: InsertOp'],
    [
      "INSERT INTO T.i VALUE {'a': 1}",
      'FROM clause may only contain a single table name in data manipulation statements',
    ],
    ["INSERT INTO T VALUE {'a': 1} RETURNING ALL OLD *", 'RETURNING is not supported in INSERT'],
    ['UPDATE T.i SET a = 1 WHERE b = 1', 'This operation is not supported on an index'],
    ['DELETE FROM T.i WHERE b = 1', 'This operation is not supported on an index'],
    ['UPDATE T SET a = MISSING WHERE b = 1', 'MISSING must be compared using IS operator'],
    ['UPDATE T SET a = b * 2 WHERE b = 1', 'Unsupported operator in Update Expression. Operator: *'],
    ['UPDATE T SET a = b = 2 WHERE b = 1', 'Unsupported operator in Update Expression. Operator: ='],
    [
      'UPDATE T SET a = size(b) WHERE b = 1',
      'The function is not allowed in an update expression; function: size',
    ],
    [
      "UPDATE T SET a = 'b' + 1 WHERE b = 1",
      'Incorrect operand type for operator or function; operator or function: +, operand type: S',
    ],
    [
      'UPDATE T SET a = 1 SET a.b = 2 WHERE b = 1',
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]',
    ],
    [
      'UPDATE T SET a = 1 WHERE b = 1 RETURNING ALL NEW a',
      "Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause",
    ],
    [
      'DELETE FROM T WHERE b = 1 RETURNING ALL NEW *',
      'Invalid returning clause: RETURNING ALL NEW *. Only RETURNING ALL OLD * is allowed in DELETE statements.',
    ],
    [
      'DELETE FROM T WHERE b = 1 RETURNING MODIFIED OLD *',
      'Invalid returning clause: RETURNING MODIFIED OLD *. Only RETURNING ALL OLD * is allowed in DELETE statements.',
    ],
    ['CREATE TABLE T', 'Unsupported operation: CreateTable'],
    ['DROP TABLE T', 'Unsupported operation: DropTable'],
    ['a', 'Unsupported operation: VariableReference'],
    ['a IS INT4', 'Unsupported operation: IsType'],
    ['a IS DOUBLE PRECISION', 'Unsupported operation: IsType'],
    ['1', 'Unsupported operation: Literal'],
    ['a = 1', 'EXISTS can only be used in ExecuteTransaction write requests.'],
    ['exists(a)', 'EXISTS can only be used in ExecuteTransaction write requests.'],
  ])('%s', (text, expected) => {
    expect(refusal(text)).toBe(expected)
  })

  test.each([
    ['SELECT COUNT(*) FROM T', 'Unexpected path component', 'COUNT'],
    ['SELECT 1 FROM T', 'Unexpected path component', '1'],
    ['SELECT a || b FROM T', 'Unexpected path component', '||'],
    ['SELECT m[1.5] FROM T', 'Unexpected path component', '1.5'],
    ['SELECT l[-1] FROM T', 'List index is not within the allowable range; index: [-1]', '1'],
    [
      'SELECT l[2147483648] FROM T',
      'List index is not within the allowable range; index: [2147483648]',
      '2147483648',
    ],
    ['SELECT a FROM T LIMIT 10', 'Unsupported clause: LIMIT', '10'],
    ['SELECT a FROM T HAVING b = 1', 'Unsupported clause: HAVING', '='],
    ['SELECT a FROM T WHERE m.* = 1', 'Unpivot path component like a.*.b are not supported', '*'],
    ['SELECT a FROM T WHERE m[*] = 1', 'Wildcard path component like a[*].b are not supported', '*'],
    ['SELECT a FROM T WHERE foo(b)', 'Unrecognized function: foo', 'foo'],
    ['SELECT a FROM T WHERE EXISTS(b)', 'Unrecognized function: exists', 'EXISTS'],
    ['SELECT a FROM T WHERE EXISTS(SELECT * FROM U)', 'Unsupported token in expression: SELECT', 'SELECT'],
    ['SELECT a FROM T WHERE count(b) = 1', 'Unsupported token in expression: count', 'count'],
    [
      'SELECT a FROM T WHERE b IS INT',
      'Unsupported data type for IS operator: INTEGER. Supported data types are [MISSING, NULL, BOOLEAN, BLOB, STRING, NUMERIC, STRUCT, TUPLE, LIST]',
      'IS',
    ],
    ['SELECT a FROM T WHERE b = [c]', 'Unsupported data type: VariableReference under key root[0]', 'c'],
    [
      "SELECT a FROM T WHERE b = {'c': missing}",
      'Unsupported data type: LiteralMissing under key root.c',
      'missing',
    ],
    ["INSERT INTO T VALUE {'a': b}", 'Unsupported data type: b under key root', 'b'],
    ["INSERT INTO T VALUE {'a': missing}", 'Unsupported data type: MISSING under key root', 'missing'],
    ["INSERT INTO T VALUE {'a': 1 + 1}", 'Unsupported data type: + under key root', '+'],
    ["INSERT INTO T VALUE {'a': 1, 'a': 2}", 'Duplicate keys in tuple. Key: a under root', "'a'"],
    [
      "INSERT INTO T VALUE {'a': 1, b: 2}",
      'Tuple keys must be of type String. Actual type: VariableReference under root',
      'b',
    ],
    [
      'INSERT INTO T VALUE 1',
      'Unsupported format in item expression. Please use struct format {...} to express item values for insert statement.',
      '1',
    ],
    ['UPDATE T SET a = foo(b) WHERE b = 1', 'Unrecognized function: foo', 'foo'],
    [
      "UPDATE T SET s = set_add(t, <<'x'>>) WHERE b = 1",
      'The first argument to SET_ADD must equal the assignment value',
      'set_add',
    ],
    ['UPDATE T SET s = set_add(s) WHERE b = 1', 'SET_ADD must have exactly two arguments', 'set_add'],
    [
      'UPDATE T SET q = set_delete(q, [1]) WHERE b = 1',
      'The second argument to SET_DELETE must be a value with type SET',
      'q',
    ],
    [
      'UPDATE T SET "q" = set_delete("q", 1) WHERE b = 1',
      'The second argument to SET_DELETE must be a value with type SET',
      '"q"',
    ],
  ])('%s, and says where', (text, expected, piece) => {
    expect(refusal(text)).toBe(`${expected} ${at(text, piece)}`)
  })

  test('lines are counted', () => {
    expect(refusal('SELECT a\nFROM T\r\n  WHERE foo(b)')).toBe('Unrecognized function: foo at 3:9:3')
  })
})

describe('numbers of statements', () => {
  const overflow = 'Number overflow. Attempting to store a number with magnitude larger than supported range'
  const underflow =
    'Number underflow. Attempting to store a number with magnitude smaller than supported range'
  test.each([
    ['SELECT a FROM T WHERE a = 1e126', `${overflow} under root`],
    ['SELECT a FROM T WHERE a = 1e-131', `${underflow} under root`],
    [
      'UPDATE T SET a = 123456789012345678901234567890123456789',
      'Attempting to store more than 38 significant digits in a Number under root',
    ],
    ["INSERT INTO T VALUE {'a': 1e126}", `${overflow} under root`],
    ["INSERT INTO T VALUE {'m': {'x': 1e126}}", `${overflow} under root.x`],
    ["INSERT INTO T VALUE {'l': [1, 1e126]}", `${overflow} under root[1]`],
  ])('%s', (text, expected) => {
    expect(refusal(text)).toBe(expected)
  })

  test.each([
    ['7.31e6', '7310000'],
    ['73100000E-1', '7310000'],
    ['.73e1', '7.3'],
    ['-.73e1', '-7.3'],
    ['+1.', '1'],
    ['- - 1', '1'],
    ['-/* c */-1', '1'],
    ['01', '1'],
  ])('%s is a number', (text, N) => {
    expect(read(`INSERT INTO T VALUE {'a': ${text}}`)).toMatchObject({ item: { a: { N } } })
  })
})

describe('parameters', () => {
  const mismatch = "Number of parameters in request and statement don't match."
  test('there are as many as question marks', () => {
    expect(refusal('SELECT a FROM T WHERE a = ? AND b = ?', { S: 'x' })).toBe(mismatch)
    expect(refusal('SELECT a FROM T WHERE a = ?', { S: 'x' }, { S: 'y' })).toBe(mismatch)
    expect(refusal("SELECT a FROM T WHERE a = '?'", { S: 'x' })).toBe(mismatch)
    expect(refusal('SELECT a FROM T WHERE a IN (?, ?) OR b = [1]', { S: 'x' }, { S: 'y' })).toBe('none')
  })

  test('they stand for whole values only', () => {
    const list = 'UPDATE T SET a = [?] WHERE b = 1'
    expect(refusal(list, { S: 'x' })).toBe(
      `Unsupported data type: Parameter under key root[0] ${at(list, '?')}`,
    )
    const map = "INSERT INTO T VALUE {'m': {'k': ?}}"
    expect(refusal(map, { S: 'x' })).toBe(`Unsupported data type: Parameter under key root.k ${at(map, '?')}`)
    expect(read("INSERT INTO T VALUE {'a': ?, 'b': ?}", { L: [] }, { BS: ['AA=='] })).toMatchObject({
      item: { a: { L: [] }, b: { BS: ['AA=='] } },
    })
  })

  test.each([
    [{ N: '1e99999999999' }, 'The parameter cannot be converted to a numeric value: 1e99999999999'],
    [{ NS: ['1', '1e-2147483648'] }, 'The parameter cannot be converted to a numeric value: 1e-2147483648'],
    [
      { N: '1e2147483647' },
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    ],
    [{ N: '' }, 'The parameter cannot be converted to a numeric value'],
    [{ M: { x: { L: [{ N: 'abc' }] } } }, 'The parameter cannot be converted to a numeric value: abc'],
    [
      { SS: ['a', 'a'] },
      'One or more parameter values were invalid: Input collection [a, a] contains duplicates.',
    ],
    [
      { NULL: false },
      'One or more parameter values were invalid: Null attribute value types must have the value of true',
    ],
  ] as const)('%j is refused before the statement is read', (parameter, expected) => {
    expect(refusal('UPDATE T SET WHERE', parameter as AttributeValue)).toBe(expected)
  })
})

describe('values', () => {
  test('of every kind', () => {
    const text =
      "INSERT INTO T VALUE {'s': 'it''s', 't': TRUE, 'f': false, 'n': NULL, 'l': [1, 'x', {'y': <<1, 2>>}], " +
      "'e': [], 'm': {}, 'ss': <<'p', 'q'>>, '__proto__': 1}"
    expect((read(text) as { item: unknown }).item).toEqual(
      JSON.parse(
        `{"s":{"S":"it's"},"t":{"BOOL":true},"f":{"BOOL":false},"n":{"NULL":true},
          "l":{"L":[{"N":"1"},{"S":"x"},{"M":{"y":{"NS":["1","2"]}}}]},"e":{"L":[]},"m":{"M":{}},
          "ss":{"SS":["p","q"]},"__proto__":{"N":"1"}}`,
      ),
    )
  })

  test('nested no deeper than 32 levels', () => {
    const nested = (levels: number) =>
      `UPDATE T SET a = ${'[['.repeat(levels / 2)}1${']]'.repeat(levels / 2)}`
    expect(refusal(nested(32))).toBe(
      `Nesting Levels have exceeded supported limits under root${'[0]'.repeat(32)}`,
    )
    expect(refusal(nested(30))).toBe('none')
  })
})

test('comments are white space', () => {
  expect(read('-- first\nSELECT/**/* FROM T -- the table\nWHERE a/* a */= 1 --')).toMatchObject({
    table: 'T',
    where: { type: 'comparison' },
  })
})

test('keywords are quoted to be names, and names keep their case', () => {
  const statement = read('select "date", "Order"."select"[-0] from "my.table"."index-1" where "user" = 1')
  expect(statement).toMatchObject({
    table: 'my.table',
    index: 'index-1',
    where: { left: { path: ['user'] } },
  })
  expect(statement.kind === 'select' && statement.columns()).toEqual([
    { path: ['date'], name: 'date' },
    { path: ['Order', 'select', 0], name: 'select[0]' },
  ])
})

test('an update can be written from behind', () => {
  const where = { type: 'comparison', operator: '=' }
  expect(read("FROM T WHERE a = 1 SET b = 2 REMOVE c SET d['e'] = 3 RETURNING ALL NEW *")).toMatchObject({
    kind: 'update',
    table: 'T',
    where,
    update: { actions: [{ path: ['b'] }, { path: ['c'] }, { path: ['d', 'e'] }] },
    returning: { scope: 'ALL', when: 'NEW' },
  })
})
