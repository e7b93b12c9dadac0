import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { indexInput, tableInput, testEngine, type TestEngine } from '../../test/call-engine.ts'

const TableName = 'Things'
const S = (text: string): { S: string } => ({ S: text })
const pk = S('p')

interface Page {
  readonly Items?: readonly Readonly<Record<string, { readonly S: string }>>[]
  readonly Count: number
  readonly ScannedCount: number
  readonly LastEvaluatedKey?: object
  readonly ConsumedCapacity?: object
}

let { call, failure }: TestEngine = testEngine()
const ask = (operation: string, more: object): Promise<Page> => call<Page>(operation, { TableName, ...more })
const query = (condition: string, values: object, more: object = {}): Promise<Page> =>
  ask('Query', { KeyConditionExpression: condition, ExpressionAttributeValues: values, ...more })
const sortKeys = ({ Items }: Page): string[] => Items?.map(({ sk }) => sk?.S ?? '') ?? []

/** Follows the pages to the end. */
async function pages(operation: string, input: object): Promise<Page[]> {
  const all = [await ask(operation, input)]
  while (all.at(-1)!.LastEvaluatedKey !== undefined) {
    all.push(await ask(operation, { ...input, ExclusiveStartKey: all.at(-1)!.LastEvaluatedKey }))
  }
  return all
}

describe('a query', () => {
  beforeAll(async () => {
    ;({ call, failure } = testEngine())
    const indexes = {
      GlobalSecondaryIndexes: [
        indexInput('byG', ['g', 'sk'], { ProjectionType: 'INCLUDE', NonKeyAttributes: ['x'] }),
      ],
      LocalSecondaryIndexes: [indexInput('byL', ['pk', 'l'], { ProjectionType: 'KEYS_ONLY' })],
    }
    await call('CreateTable', tableInput(TableName, ['pk', 'sk'], indexes))
    for (const sk of ['a', 'b', 'ba', 'bb', 'c', '\uFF5E', '\u{1F600}']) {
      const Item = { pk, sk: S(sk), g: S('g'), l: S(`l${sk}`), x: S(`x${sk}`), y: S(`y${sk}`) }
      await call('PutItem', { TableName, Item })
    }
    await call('PutItem', { TableName, Item: { pk: S('q'), sk: S('a'), g: S('g') } })
  })

  test('reads a partition in the order of the UTF-8 of its sort keys, either way', async () => {
    const all = ['a', 'b', 'ba', 'bb', 'c', '\uFF5E', '\u{1F600}']
    expect(sortKeys(await query('pk = :p', { ':p': pk }))).toEqual(all)
    expect(sortKeys(await query('pk = :p', { ':p': pk }, { ScanIndexForward: false }))).toEqual(all.reverse())
  })

  test.each([
    ['sk = :v', ['b']],
    ['sk < :v', ['a']],
    ['sk <= :v', ['a', 'b']],
    ['sk > :v', ['ba', 'bb', 'c', '\uFF5E', '\u{1F600}']],
    ['sk >= :v', ['b', 'ba', 'bb', 'c', '\uFF5E', '\u{1F600}']],
    ['begins_with(sk, :v)', ['b', 'ba', 'bb']],
    ['sk BETWEEN :v AND :w', ['b', 'ba']],
  ])('narrows the sort key by %s, either way, page by page', async (condition, expected) => {
    const values = { ':p': pk, ':v': S('b'), ...(condition.includes(':w') && { ':w': S('ba') }) }
    const input = {
      KeyConditionExpression: `pk = :p AND ${condition}`,
      ExpressionAttributeValues: values,
      Limit: 1,
    }
    expect((await pages('Query', input)).flatMap(sortKeys)).toEqual(expected)
    expect((await pages('Query', { ...input, ScanIndexForward: false })).flatMap(sortKeys)).toEqual(
      expected.reverse(),
    )
  })

  test('ends a page at its limit, filtered or not, and says where', async () => {
    const filter = { FilterExpression: 'y = :y', Limit: 2 }
    const page = await query('pk = :p', { ':p': pk, ':y': S('yb') }, filter)
    expect(page).toMatchObject({ Count: 1, ScannedCount: 2, LastEvaluatedKey: { pk, sk: S('b') } })
    const next = await query(
      'pk = :p',
      { ':p': pk, ':y': S('yb') },
      { ...filter, ExclusiveStartKey: page.LastEvaluatedKey },
    )
    expect(next).toMatchObject({
      Items: [],
      Count: 0,
      ScannedCount: 2,
      LastEvaluatedKey: { pk, sk: S('bb') },
    })
  })

  test('starts after a key that need not be there', async () => {
    expect(
      sortKeys(await query('pk = :p', { ':p': pk }, { ExclusiveStartKey: { pk, sk: S('bz') } })),
    ).toEqual(['c', '\uFF5E', '\u{1F600}'])
  })

  test('on an index gives what it holds, in its order, and starts after keys of both', async () => {
    const page = await query('g = :g', { ':g': S('g') }, { IndexName: 'byG', Limit: 3 })
    expect(page.Items?.[0]).not.toHaveProperty('y')
    expect(page.Items?.map(({ sk, x }) => [sk?.S, x?.S])).toEqual(
      expect.arrayContaining([
        ['a', 'xa'],
        ['a', undefined],
        ['b', 'xb'],
      ]),
    )
    expect(page.LastEvaluatedKey).toEqual({ pk, sk: S('b'), g: S('g') })
    const next = { IndexName: 'byG', ExclusiveStartKey: page.LastEvaluatedKey }
    expect(sortKeys(await query('g = :g', { ':g': S('g') }, next)).slice(0, 2)).toEqual(['ba', 'bb'])
  })

  test('on a local index fetches from the table what it is asked for', async () => {
    const input = { IndexName: 'byL', ReturnConsumedCapacity: 'INDEXES' }
    const held = await query('pk = :p AND l = :l', { ':p': pk, ':l': S('lb') }, input)
    expect(held).toEqual({
      Items: [{ pk, sk: S('b'), l: S('lb') }],
      Count: 1,
      ScannedCount: 1,
      ConsumedCapacity: {
        TableName,
        CapacityUnits: 0.5,
        Table: { CapacityUnits: 0 },
        LocalSecondaryIndexes: { byL: { CapacityUnits: 0.5 } },
      },
    })
    const fetched = await query(
      'pk = :p AND l = :l',
      { ':p': pk, ':l': S('lb') },
      { ...input, ProjectionExpression: 'y' },
    )
    expect(fetched).toMatchObject({
      Items: [{ y: S('yb') }],
      ConsumedCapacity: { CapacityUnits: 1, Table: { CapacityUnits: 0.5 } },
    })
    const all = await query(
      'pk = :p AND l = :l',
      { ':p': pk, ':l': S('lb') },
      { ...input, Select: 'ALL_ATTRIBUTES' },
    )
    expect(all.Items?.[0]).toHaveProperty('y')
  })

  test('counts', async () => {
    expect(await query('pk = :p', { ':p': pk }, { Select: 'COUNT' })).toEqual({ Count: 7, ScannedCount: 7 })
    expect(await query('pk = :p', { ':p': S('none') }, { ReturnConsumedCapacity: 'TOTAL' })).toMatchObject({
      Count: 0,
      ConsumedCapacity: { CapacityUnits: 0.5 },
    })
  })

  const byP = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': pk } }
  const byG = { IndexName: 'byG', KeyConditionExpression: 'g = :p', ExpressionAttributeValues: { ':p': pk } }
  test.each<[string, object, string]>([
    [
      'no condition',
      {},
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    ],
    [
      'no limit at all',
      { ...byP, Limit: 0 },
      "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    ['an unknown index', { ...byP, IndexName: 'byX' }, 'The table does not have the specified index: byX'],
    [
      'a consistent read of a global index',
      { ...byG, ConsistentRead: true },
      'Consistent reads are not supported on global secondary indexes',
    ],
    [
      'everything of a global index that has not everything',
      { ...byG, Select: 'ALL_ATTRIBUTES' },
      'One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index byG because its projection type is not ALL',
    ],
    [
      'what a global index does not hold',
      { ...byG, ProjectionExpression: 'y' },
      'One or more parameter values were invalid: Global secondary index byG does not project [y]',
    ],
    [
      'a filter on what an index does not hold',
      { ...byG, FilterExpression: 'attribute_exists(y)' },
      'One or more parameter values were invalid: Secondary index byG does not project one or more filter attributes: [y]',
    ],
    [
      'a filter on the key',
      { ...byP, FilterExpression: 'sk = :p' },
      'Filter Expression can only contain non-primary key attributes: Primary key attribute: sk',
    ],
    [
      'projected attributes of no index',
      { ...byP, Select: 'ALL_PROJECTED_ATTRIBUTES' },
      'ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName',
    ],
    [
      'specific attributes that are none',
      { ...byP, Select: 'SPECIFIC_ATTRIBUTES' },
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    ],
    [
      'attributes and a count',
      { ...byP, Select: 'COUNT', ProjectionExpression: 'x' },
      'Cannot specify the ProjectionExpression when choosing to get only the Count',
    ],
    [
      'a start in another partition',
      { ...byP, ExclusiveStartKey: { pk: S('q'), sk: S('a') } },
      'The provided starting key is outside query boundaries based on provided conditions',
    ],
    [
      'half a start',
      { ...byP, ExclusiveStartKey: { pk } },
      'The provided starting key is invalid: The provided key element does not match the schema',
    ],
    [
      'a start without the key of the index',
      { ...byG, ExclusiveStartKey: { pk, sk: S('a') } },
      'The provided starting key is invalid',
    ],
    [
      'a start that is no value',
      { ...byP, ExclusiveStartKey: { pk, sk: {} } },
      'The provided starting key is invalid: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
    ],
  ])('refuses %s', async (_what, input, message) => {
    expect(await failure('Query', { TableName, ...input })).toBe(`ValidationException: ${message}`)
  })

  test('refuses a start outside of its range', async () => {
    const input = {
      KeyConditionExpression: 'pk = :p AND sk > :s',
      ExpressionAttributeValues: { ':p': pk, ':s': S('b') },
      ExclusiveStartKey: { pk, sk: S('b') },
    }
    expect(await failure('Query', { TableName, ...input })).toBe(
      'ValidationException: The provided starting key does not match the range key predicate',
    )
  })
})

describe('a global index with keys of several attributes', () => {
  beforeAll(async () => {
    ;({ call, failure } = testEngine())
    const attribute = (AttributeName: string, KeyType: string): object => ({ AttributeName, KeyType })
    await call('CreateTable', {
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [attribute('id', 'HASH')],
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'country', AttributeType: 'S' },
        { AttributeName: 'city', AttributeType: 'S' },
        { AttributeName: 'year', AttributeType: 'N' },
        { AttributeName: 'name', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byPlace',
          KeySchema: [
            attribute('country', 'HASH'),
            attribute('city', 'HASH'),
            attribute('year', 'RANGE'),
            attribute('name', 'RANGE'),
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    })
    for (const [year, name] of [
      [-5, 'b'],
      [3, 'a'],
      [3, 'ab'],
      [3, 'b'],
      [20, 'a'],
    ] as const) {
      const Item = {
        id: S(`${String(year)}${name}`),
        country: S('CH'),
        city: S('Bern'),
        year: { N: String(year) },
        name: S(name),
      }
      await call('PutItem', { TableName, Item })
    }
    await call('PutItem', { TableName, Item: { id: S('partial'), country: S('CH'), city: S('Bern') } })
    await call('PutItem', {
      TableName,
      Item: { id: S('elsewhere'), country: S('C'), city: S('HBern'), year: { N: '3' }, name: S('a') },
    })
  })

  test.each<[string, object, string[]]>([
    ['', {}, ['-5b', '3a', '3ab', '3b', '20a']],
    [' AND #y = :y', { ':y': { N: '3' } }, ['3a', '3ab', '3b']],
    [' AND #y < :y', { ':y': { N: '3' } }, ['-5b']],
    [' AND #y >= :y', { ':y': { N: '3' } }, ['3a', '3ab', '3b', '20a']],
    [' AND #y = :y AND #n > :n', { ':y': { N: '3' }, ':n': S('a') }, ['3ab', '3b']],
    [' AND #y = :y AND #n <= :n', { ':y': { N: '3' }, ':n': S('ab') }, ['3a', '3ab']],
    [' AND #y = :y AND begins_with(#n, :n)', { ':y': { N: '3' }, ':n': S('a') }, ['3a', '3ab']],
    [
      ' AND #y = :y AND #n BETWEEN :n AND :m',
      { ':y': { N: '3' }, ':n': S('aa'), ':m': S('b') },
      ['3ab', '3b'],
    ],
  ])('is read by both partition attributes%s', async (condition, values, expected) => {
    const names = { '#y': 'year', '#n': 'name' }
    const used = Object.entries(names).filter(([placeholder]) => condition.includes(placeholder))
    const input = {
      IndexName: 'byPlace',
      KeyConditionExpression: `country = :c AND city = :t${condition}`,
      ExpressionAttributeValues: { ':c': S('CH'), ':t': S('Bern'), ...values },
      ...(used.length > 0 && { ExpressionAttributeNames: Object.fromEntries(used) }),
    }
    const ids = (list: Page[]): unknown[] => list.flatMap(({ Items }) => Items?.map(({ id }) => id?.S) ?? [])
    expect(ids(await pages('Query', input))).toEqual(expected)
    expect(ids(await pages('Query', { ...input, Limit: 1 }))).toEqual(expected)
    expect(ids(await pages('Query', { ...input, Limit: 2, ScanIndexForward: false }))).toEqual(
      expected.reverse(),
    )
  })
})

describe('a scan', () => {
  beforeEach(async () => {
    ;({ call, failure } = testEngine())
    await call(
      'CreateTable',
      tableInput(TableName, ['pk', 'sk'], {
        GlobalSecondaryIndexes: [indexInput('byG', ['g'], { ProjectionType: 'KEYS_ONLY' })],
      }),
    )
  })
  const fill = async (count: number, size = 0): Promise<void> => {
    for (let at = 0; at < count; at += 1) {
      const Item = {
        pk: S(`p${String(at)}`),
        sk: S('s'),
        ...(at % 2 === 0 && { g: S('g') }),
        x: S('x'.repeat(size)),
      }
      await call('PutItem', { TableName, Item })
    }
  }

  test('meets every item once, page by page', async () => {
    await fill(50)
    const all = await pages('Scan', { Limit: 7 })
    expect(all).toHaveLength(8)
    const found = all.flatMap(({ Items }) => Items!.map((item) => item.pk!.S))
    expect(new Set(found).size).toBe(50)
  })

  test.each([1, 2, 3, 7])('in %i segments meets every item in one of them', async (TotalSegments) => {
    await fill(60)
    const found: string[] = []
    for (let Segment = 0; Segment < TotalSegments; Segment += 1) {
      const all = await pages('Scan', { Segment, TotalSegments, Limit: 5 })
      found.push(...all.flatMap(({ Items }) => Items!.map((item) => item.pk!.S)))
    }
    expect(found).toHaveLength(60)
    expect(new Set(found).size).toBe(60)
  })

  test('ends a page after 1 MB of items, whatever the filter lets through', async () => {
    await fill(30, 100_000)
    const page = await ask('Scan', {
      FilterExpression: 'attribute_not_exists(x)',
      ReturnConsumedCapacity: 'TOTAL',
    })
    expect(page).toMatchObject({ Count: 0, ScannedCount: 11, ConsumedCapacity: { CapacityUnits: 134.5 } })
    expect(page.LastEvaluatedKey).toBeDefined()
  })

  test('of an index meets what is in it, and filters by what it holds', async () => {
    await fill(10)
    const input = { IndexName: 'byG' }
    expect(await ask('Scan', input)).toMatchObject({ Count: 5 })
    expect(await ask('Scan', { ...input, FilterExpression: 'attribute_exists(x)' })).toMatchObject({
      Count: 0,
      ScannedCount: 5,
    })
    expect((await pages('Scan', { ...input, Limit: 2 })).reduce((sum, { Count }) => sum + Count, 0)).toBe(5)
  })

  test.each<[string, object, string]>([
    [
      'a segment of how many',
      { Segment: 0 },
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    ],
    [
      'how many segments, but not which',
      { TotalSegments: 2 },
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    ],
    [
      'a segment beyond the last',
      { Segment: 2, TotalSegments: 2 },
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 2 is not less than TotalSegments: 2',
    ],
    [
      'no limit at all',
      { Limit: 0 },
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      'a consistent read of a global index',
      { IndexName: 'byG', ConsistentRead: true },
      'Consistent reads are not supported on global secondary indexes',
    ],
  ])('refuses %s', async (_what, input, message) => {
    expect(await failure('Scan', { TableName, ...input })).toBe(`ValidationException: ${message}`)
  })

  test('refuses to start in another segment', async () => {
    await fill(10)
    const segments = [0, 1].map((Segment) => ({ Segment, TotalSegments: 2 }))
    const found = await ask('Scan', { ...segments[0], Limit: 1 })
    expect(
      await failure('Scan', { TableName, ...segments[1], ExclusiveStartKey: found.LastEvaluatedKey }),
    ).toContain('Please use ExclusiveStartKey with correct Segment. TotalSegments: 2 Segment: 1')
  })
})
