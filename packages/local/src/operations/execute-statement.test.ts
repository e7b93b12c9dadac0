import { beforeEach, describe, expect, test } from 'vitest'
import { createEngine, type Engine } from '../engine/engine.ts'
import { ServiceError } from '../protocol/service-error.ts'

type Json = Readonly<Record<string, unknown>>

let engine: Engine

const call = (operation: string, input: Json) =>
  engine.call(operation, input, { accessKeyId: 'key', region: 'eu-west-1' }) as Promise<Json>

const run = (Statement: string, more: Json = {}) => call('ExecuteStatement', { Statement, ...more })

const failure = async (Statement: string, more: Json = {}) =>
  run(Statement, more).then(
    () => 'none',
    (error: unknown) => {
      if (error instanceof ServiceError) return `${error.name}: ${error.message}`
      throw error
    },
  )

/** The sort keys of what a SELECT gives, page by page. */
const sortKeys = async (where: string, more: Json = {}) => {
  const { Items } = await run(`SELECT pk, sk FROM Things WHERE ${where}`, more)
  return (Items as { pk: { S: string }; sk: { N: string } }[]).map(({ pk, sk }) => `${pk.S}${sk.N}`)
}

const stored = async (pk: string, sk: number) => {
  const Key = { pk: { S: pk }, sk: { N: String(sk) } }
  return (await call('GetItem', { TableName: 'Things', Key, ConsistentRead: true })).Item
}

const key = (pk: string, sk: number) => ({ pk: { S: pk }, sk: { N: String(sk) } })
const names = (...attributes: string[]) =>
  attributes.map((AttributeName, at) => ({ AttributeName, KeyType: at === 0 ? 'HASH' : 'RANGE' }))

beforeEach(async () => {
  engine = createEngine()
  await call('CreateTable', {
    TableName: 'Things',
    KeySchema: names('pk', 'sk'),
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'N' },
      { AttributeName: 'g', AttributeType: 'S' },
      { AttributeName: 'h', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'gsi',
        KeySchema: names('g'),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['p'] },
      },
      {
        IndexName: 'multi',
        KeySchema: [...names('g'), { AttributeName: 'h', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    LocalSecondaryIndexes: [
      { IndexName: 'lsi', KeySchema: names('pk', 'h'), Projection: { ProjectionType: 'KEYS_ONLY' } },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  })
  for (const [pk, sk] of [
    ['a', 1],
    ['a', 2],
    ['a', 3],
    ['a', 4],
    ['b', 1],
    ['b', 2],
  ] as const) {
    const v = { N: String(sk * 10) }
    const Item = { ...key(pk, sk), v, g: { S: `g${pk}` }, h: { S: `h${String(sk)}` }, p: { S: 'p' } }
    await call('PutItem', { TableName: 'Things', Item })
  }
})

describe('SELECT reads what the WHERE clause means', () => {
  test.each([
    ["pk = 'a'", 'a1 a2 a3 a4'],
    ["'a' = pk AND 2 >= sk", 'a1 a2'],
    ["pk = 'a' AND sk = 3", 'a3'],
    ["pk = 'a' AND sk > 1 AND sk < 4", 'a2 a3'],
    ["pk = 'a' AND sk > 1 AND sk <> 3", 'a2 a4'],
    ["pk = 'a' AND sk BETWEEN 2 AND 3", 'a2 a3'],
    ["pk = 'a' AND sk = 1 AND sk = 2", ''],
    ["pk = 'a' AND pk = 'b'", ''],
    ["pk = 'a' AND sk IN [3, 1]", 'a1 a3'],
    ["pk = 'a' AND (sk = 3 OR sk = 1)", 'a1 a3'],
    ["pk = 'a' AND (sk < 2 OR sk > 3)", 'a1 a4'],
    ["pk = 'a' AND (v = 10 OR v = 40)", 'a1 a4'],
    ["pk IN ['b', 'a'] AND sk = 2", 'a2 b2'],
    ["pk IN ('b', 'a') AND sk IN (1, 2)", 'a1 a2 b1 b2'],
    ["(pk = 'b' AND sk = 1) OR (pk = 'a' AND v > 30)", 'a4 b1'],
    ["pk = 'a' AND NOT sk = 1 OR pk = 'a' AND sk = 2", 'a2 a3 a4'],
    ["pk = 'a' OR pk = 'a' AND NOT sk = 1", 'a1 a2 a3 a4'],
    ["pk = 'a' AND contains(g, 'a') AND v >= 30", 'a3 a4'],
    ["pk = 'a' AND attribute_exists(v) = true AND sk < 3", 'a1 a2'],
    ["pk = 'a' AND attribute_exists(nope) IN [true]", ''],
    ["pk = 'a' AND nope IS MISSING AND v IS NOT MISSING AND v IS NUMERIC AND g IS NOT NULL", 'a1 a2 a3 a4'],
  ])('%s', async (where, expected) => {
    expect((await sortKeys(where)).join(' ')).toBe(expected)
  })

  test('and everything when it names no partition', async () => {
    for (const where of ['v = 20', "pk = 'a' AND sk = 2 OR v = 20", 'sk = 2', "pk > 'A' AND v = 20"]) {
      expect((await sortKeys(where)).sort()).toEqual(['a2', 'b2'])
    }
    expect(await sortKeys('pk > 1')).toEqual([])
    expect((await run('SELECT * FROM Things')).Items).toHaveLength(6)
  })

  test('in the order that ORDER BY says', async () => {
    expect(await sortKeys("pk = 'a' ORDER BY sk DESC")).toEqual(['a4', 'a3', 'a2', 'a1'])
    expect(await sortKeys("pk = 'a' AND sk IN [1, 3] ORDER BY sk DESC")).toEqual(['a3', 'a1'])
    expect(await sortKeys("pk IN ['a', 'b'] AND sk < 3 ORDER BY pk DESC, sk ASC")).toEqual([
      ...['b1', 'b2', 'a1', 'a2'],
    ])
  })

  test.each([
    ["pk = 'a' OR pk = 'a'", 'Overlapping conditions with range keys are not supported in where clause'],
    ["pk IN ['a', 'a']", 'Overlapping conditions with range keys are not supported in where clause'],
    [
      "pk = 'a' AND (sk > 1 OR sk > 3)",
      'Overlapping conditions with range keys are not supported in where clause',
    ],
    [
      "pk = 'a' AND (sk = 1 OR v = 10)",
      'Overlapping conditions with range keys are not supported in where clause',
    ],
    [
      "pk = 'a' AND v = 1 OR pk = 'a' AND sk = 2",
      'Overlapping conditions with range keys are not supported in where clause',
    ],
    ['pk = 1', "Key attribute's data type should match its data type in table's schema: Key pk"],
    ["pk = 1 OR pk = 'a'", "Key attribute's data type should match its data type in table's schema: Key pk"],
    [
      "pk = 'a' AND sk IN [1, 'x']",
      "Key attribute's data type should match its data type in table's schema: Key sk",
    ],
    [
      "pk = 'a' AND begins_with(sk, '1')",
      "Key attribute's data type should match its data type in table's schema: Key sk",
    ],
    ['pk = true', 'Key value must be of type S, N, or B. Key name: pk, Key type: BOOL'],
    [
      "pk = ''",
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
    ],
    [
      "pk = 'a' AND pk.x = 1",
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk",
    ],
    ["pk = 'a' ORDER BY v", 'Variable reference v in ORDER BY clause must be part of the primary key'],
    [
      'sk = 1 ORDER BY sk',
      'Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.',
    ],
    [
      "pk IN ['a', 'b'] ORDER BY sk",
      'Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.',
    ],
    [
      `pk IN [${Array.from({ length: 51 }, (_, at) => `'${String(at)}'`).join()}]`,
      'Too many decomposed read operations for a given query.',
    ],
    [
      `pk = 'a' AND v IN [${Array.from({ length: 101 }, (_, at) => at).join()}]`,
      'The IN operator is provided with too many operands; number of operands: 101',
    ],
  ])('but not %s', async (where, message) => {
    expect(await failure(`SELECT pk, sk FROM Things WHERE ${where}`)).toBe(`ValidationException: ${message}`)
  })

  test('with columns called by their last names, and none for what is not there', async () => {
    await run("INSERT INTO Things VALUE {'pk': 'c', 'sk': 1, 'm': {'x': 1, 'l': [1, {'y': 2}]}}")
    const { Items } = await run("SELECT m.x, m.l[1].y, m['l'][0], nope FROM Things WHERE pk = 'c'")
    expect(Items).toEqual([{ x: { N: '1' }, y: { N: '2' }, 'l[0]': { N: '1' } }])
  })
})

describe('SELECT pages', () => {
  test('across partitions, by what was looked at', async () => {
    const pages: string[][] = []
    let NextToken: unknown
    do {
      const answer = await run("SELECT pk, sk FROM Things WHERE pk IN ['a', 'b'] AND v <> 20", {
        Limit: 3,
        ...(NextToken !== undefined && { NextToken }),
      })
      pages.push(
        (answer.Items as { pk: { S: string }; sk: { N: string } }[]).map(({ pk, sk }) => pk.S + sk.N),
      )
      expect(answer.LastEvaluatedKey === undefined).toBe(answer.NextToken === undefined)
      ;({ NextToken } = answer)
    } while (NextToken !== undefined)
    expect(pages).toEqual([['a1', 'a3'], ['a4', 'b1'], []])
  })

  test('with tokens of their own', async () => {
    const { NextToken } = await run("SELECT * FROM Things.gsi WHERE g = 'ga'", { Limit: 1 })
    expect(await failure("SELECT * FROM Things WHERE pk = 'a'", { NextToken })).toBe(
      'ValidationException: Invalid NextToken',
    )
    for (const token of [
      'x',
      'e30=',
      Buffer.from('{"Source":"Things/gsi","Partition":7}').toString('base64'),
    ]) {
      expect(await failure("SELECT * FROM Things.gsi WHERE g = 'ga'", { NextToken: token })).toBe(
        'ValidationException: Invalid NextToken',
      )
    }
    expect((await run("SELECT pk FROM Things.gsi WHERE g = 'ga'", { NextToken })).Items).toHaveLength(3)
  })
})

describe('SELECT on an index', () => {
  test('sees what the index holds', async () => {
    expect((await run("SELECT * FROM Things.gsi WHERE g = 'ga' AND p = 'p'", { Limit: 1 })).Items).toEqual([
      { ...key('a', 1), g: { S: 'ga' }, p: { S: 'p' } },
    ])
    expect((await run('SELECT * FROM Things.gsi WHERE NOT v = 10')).Items).toHaveLength(6)
    expect((await run('SELECT * FROM Things.gsi WHERE v = 10')).Items).toEqual([])
    expect(
      (await run("SELECT v FROM Things.lsi WHERE pk = 'a' AND h > 'h3'", { ConsistentRead: true })).Items,
    ).toEqual([{ v: { N: '40' } }])
  })

  test('costs what it reads', async () => {
    const { ConsumedCapacity } = await run("SELECT v FROM Things.lsi WHERE pk = 'a'", {
      ReturnConsumedCapacity: 'INDEXES',
    })
    expect(ConsumedCapacity).toEqual({
      TableName: 'Things',
      CapacityUnits: 2.5,
      Table: { CapacityUnits: 2 },
      LocalSecondaryIndexes: { lsi: { CapacityUnits: 0.5 } },
    })
  })

  test.each([
    ['SELECT * FROM Things.nope', 'The table does not have the specified index'],
    [
      'SELECT COUNT(*) FROM Things.multi',
      'PartiQL statements cannot be executed on tables with multi-attribute HASH keys or multi-attribute RANGE keys.',
    ],
    [
      'SELECT v FROM Things.gsi',
      'One or more parameter values were invalid: Global secondary index gsi does not project [v]',
    ],
    [
      "SELECT pk FROM Things.gsi WHERE g = 'ga' AND v = 1",
      'One or more parameter values were invalid: Secondary index gsi does not project one or more filter attributes: [v]',
    ],
    [
      "SELECT pk FROM Things.gsi WHERE g IN ['ga', 'gb'] AND v = 1",
      'One or more parameter values were invalid: Secondary index gsi does not project one or more filter attributes: [v]',
    ],
    [
      "SELECT pk FROM Things.gsi WHERE g = 'ga' AND b = 1 AND (a = 2 OR p = 'p')",
      'One or more parameter values were invalid: Secondary index gsi does not project one or more filter attributes: [a, b]',
    ],
    [
      "SELECT pk FROM Things.lsi WHERE pk = 'a' AND v IS MISSING",
      'One or more parameter values were invalid: Secondary index lsi does not project one or more filter attributes: [v]',
    ],
  ])('is refused: %s', async (text, message) => {
    expect(await failure(text)).toBe(`ValidationException: ${message}`)
  })

  test('is consistent only where indexes are', async () => {
    expect(await failure("SELECT * FROM Things.gsi WHERE g = 'ga'", { ConsistentRead: true })).toBe(
      'ValidationException: Strongly consistent read is not supported on Global Secondary Indexes',
    )
  })

  test('filters by what it does not hold where one part of the clause does without', async () => {
    const where = "(g = 'ga' AND v = 10) OR (g = 'gb')"
    expect((await run(`SELECT pk FROM Things.gsi WHERE ${where}`)).Items).toEqual([
      { pk: { S: 'b' } },
      { pk: { S: 'b' } },
    ])
  })
})

describe('INSERT', () => {
  test('adds an item, and never replaces one', async () => {
    expect(
      await run("INSERT INTO Things VALUE {'pk': 'n', 'sk': 1, 'x': ?}", { Parameters: [{ BOOL: true }] }),
    ).toEqual({
      Items: [],
    })
    expect(await stored('n', 1)).toEqual({ ...key('n', 1), x: { BOOL: true } })
    expect(await failure("INSERT INTO Things VALUE {'pk': 'n', 'sk': 1}")).toBe(
      'DuplicateItemException: Duplicate primary key exists in table',
    )
    expect(await stored('n', 1)).toHaveProperty('x')
  })

  test.each([
    ["{'pk': 'n'}", 'Key attribute should be present in the item: Key sk'],
    ["{'pk': 1, 'sk': 1}", "Key attribute's data type should match its data type in table's schema: Key pk"],
    [
      "{'pk': '', 'sk': 1}",
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
    ],
    [
      "{'pk': 'n', 'sk': 1, 'g': 1}",
      'One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi',
    ],
  ])('of %s is refused', async (item, message) => {
    expect(await failure(`INSERT INTO Things VALUE ${item}`)).toBe(`ValidationException: ${message}`)
  })
})

describe('UPDATE', () => {
  const where = "WHERE pk = 'a' AND sk = 1"

  test('changes an item that is there and meets the whole WHERE clause', async () => {
    expect(
      await run(`UPDATE Things SET v = v + 1, w = if_not_exists(w, 5) REMOVE p ${where} AND v = 10`),
    ).toEqual({
      Items: [],
    })
    expect(await stored('a', 1)).toMatchObject({ v: { N: '11' }, w: { N: '5' } })
    expect(await stored('a', 1)).not.toHaveProperty('p')
    const failed = 'ConditionalCheckFailedException: The conditional request failed'
    expect(await failure(`UPDATE Things SET v = 1 ${where} AND v = 10`)).toBe(failed)
    expect(await failure("UPDATE Things SET v = 1 WHERE pk = 'n' AND sk = 1")).toBe(failed)
    expect(
      await failure("UPDATE Things SET v = 1 WHERE pk = 'n' AND sk = 1 AND attribute_not_exists(pk)"),
    ).toBe(failed)
    expect(await stored('n', 1)).toBeUndefined()
  })

  test('gives the item back when its condition fails and the request asks for it', async () => {
    const more = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }
    await expect(run(`UPDATE Things SET v = 1 ${where} AND v = 0`, more)).rejects.toMatchObject({
      details: { Item: { v: { N: '10' } } },
    })
  })

  test('adds to and deletes from sets', async () => {
    await run(`UPDATE Things SET s = set_add(s, <<'x', 'y'>>) SET n = set_add(n, ?) ${where}`, {
      Parameters: [{ NS: ['1'] }],
    })
    await run(`UPDATE Things SET s = SET_DELETE(s, <<'y', 'z'>>) SET n = set_delete(n, <<1.0>>) ${where}`)
    expect(await stored('a', 1)).toMatchObject({ s: { SS: ['x'] } })
    expect(await stored('a', 1)).not.toHaveProperty('n')
    expect(await failure(`UPDATE Things SET s = set_add(s, <<1>>) ${where}`)).toBe(
      'ValidationException: An operand in the update expression has an incorrect data type',
    )
  })

  test('returns attributes whole, those of paths that lead to something', async () => {
    await run(`UPDATE Things SET m = {'x': 1, 'y': 2}, l = [1, 2] REMOVE g REMOVE h REMOVE p ${where}`)
    const returning = async (text: string) => (await run(text)).Items
    const m = { M: { x: { N: '3' }, y: { N: '2' } } }
    expect(await returning(`UPDATE Things SET m.x = 3 ${where} RETURNING MODIFIED NEW *`)).toEqual([{ m }])
    expect(await returning(`UPDATE Things SET m.z = 4 ${where} RETURNING MODIFIED OLD *`)).toEqual([])
    expect(await returning(`UPDATE Things SET l[7] = 3 ${where} RETURNING MODIFIED NEW *`)).toEqual([])
    expect(await returning(`UPDATE Things REMOVE m, l ${where} RETURNING MODIFIED NEW *`)).toEqual([])
    expect(await returning(`UPDATE Things SET v = 0 ${where} RETURNING ALL OLD *`)).toEqual([
      { ...key('a', 1), v: { N: '10' } },
    ])
    expect(await returning(`UPDATE Things SET v = 1 ${where} RETURNING ALL NEW *`)).toEqual([
      { ...key('a', 1), v: { N: '1' } },
    ])
  })

  test.each([
    ["SET v = 1 WHERE pk = 'a'", 'Where clause does not contain a mandatory equality on all key attributes'],
    ['SET v = 1', 'Where clause does not contain a mandatory equality on all key attributes'],
    [
      "SET v = 1 WHERE pk IN ['a'] AND sk = 1",
      'Where clause does not contain a mandatory equality on all key attributes',
    ],
    [
      "SET v = 1 WHERE pk = 'a' AND sk = 1 OR v = 1",
      'Where clause does not contain a mandatory equality on all key attributes',
    ],
    [
      "SET v = 1 WHERE pk = 'a' AND sk = 1 AND pk = 'b'",
      'Multiple conditions on same key pk. Only single item Update/Insert/Delete are supported',
    ],
    [
      "SET v = 1 WHERE pk = 'a' AND sk = '1'",
      "Key attribute's data type should match its data type in table's schema: Key sk",
    ],
    [
      "SET pk = 'x' WHERE pk = 'a' AND sk = 1",
      'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
    ],
    [
      "SET nope.x = 1 WHERE pk = 'a' AND sk = 1",
      'The document path provided in the update expression is invalid for update',
    ],
    [
      "SET v = nope WHERE pk = 'a' AND sk = 1",
      'The provided expression refers to an attribute that does not exist in the item',
    ],
  ])('%s is refused', async (text, message) => {
    expect(await failure(`UPDATE Things ${text}`)).toBe(`ValidationException: ${message}`)
  })

  test('finds the key in groups and repetitions', async () => {
    await run("UPDATE Things SET v = 0 WHERE (pk = 'a' AND 1 = sk) AND pk = 'a' AND v = 10")
    expect(await stored('a', 1)).toMatchObject({ v: { N: '0' } })
  })

  test('leads to no item that is nested too deeply', async () => {
    await run(`UPDATE Things SET m = {} ${where}`)
    let value: object = { S: 'x' }
    for (let depth = 0; depth < 31; depth += 1) value = { L: [value] }
    expect(await failure(`UPDATE Things SET m.deep = ? ${where}`, { Parameters: [value] })).toBe(
      'ValidationException: Nesting Levels have exceeded supported limits',
    )
  })
})

describe('DELETE', () => {
  test('deletes what meets the whole WHERE clause, and does not mind what is not there', async () => {
    expect(await failure("DELETE FROM Things WHERE pk = 'a' AND sk = 1 AND v = 0")).toBe(
      'ConditionalCheckFailedException: The conditional request failed',
    )
    expect(await run("DELETE FROM Things WHERE pk = 'n' AND sk = 1 AND v = 0")).toEqual({ Items: [] })
    expect(await run("DELETE FROM Things WHERE pk = 'a' AND sk = 1 AND v = 10")).toEqual({ Items: [] })
    expect(await stored('a', 1)).toBeUndefined()
    expect(
      (await run("DELETE FROM Things WHERE pk = 'a' AND sk = 2 RETURNING ALL OLD *")).Items,
    ).toHaveLength(1)
  })
})

test('a table that is not there is said after what is wrong with the statement', async () => {
  const missing = 'ResourceNotFoundException: Requested resource not found'
  expect(await failure('SELECT COUNT(*) FROM Others')).toBe(missing)
  expect(await failure("INSERT INTO Others VALUE {'pk': 1}")).toBe(missing)
  expect(await failure('SELECT * FROM Others WHERE a < true')).toMatch(/Incorrect operand type/)
  expect(await failure('SELECT * FROM Others WHERE')).toMatch(/wasn't well formed/)
})

test('checks belong to transactions', async () => {
  expect(await failure("EXISTS(SELECT * FROM Things WHERE pk = 'a' AND sk = 1 AND v = 10)")).toBe(
    'ValidationException: EXISTS can only be used in ExecuteTransaction write requests.',
  )
})
