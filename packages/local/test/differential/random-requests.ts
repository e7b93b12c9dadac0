import type { AttributeValue } from '../../src/values/attribute-value.ts'
import { RandomExpressions } from './random-expressions.ts'
import type { Random } from './random.ts'
import { attributeNames, type Index, type Key, type KeyAttribute, type Schema } from './random-schema.ts'
import { randomAttribute, randomItem, randomKey, randomKeyValue, randomValue } from './random-values.ts'

/** A request of DynamoDB's API. */
export interface Request {
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
  /** The key whose order the answer's items are in; undefined when their order means nothing. */
  readonly order?: Key
  /** Follows pages to the end, and compares what they hold together. */
  readonly isPaged?: boolean
}

/** Makes up a request for a table. */
export function randomRequest(random: Random, schema: Schema): Request {
  const makers: readonly [number, (random: Random, schema: Schema) => Request][] = [
    [20, put],
    [16, update],
    [6, remove],
    [6, get],
    [16, query],
    [10, scan],
    [3, batchGet],
    [4, batchWrite],
    [4, transactWrite],
    [2, transactGet],
    [4, legacyPut],
    [4, legacyUpdate],
    [4, legacyQuery],
    [2, legacyScan],
  ]
  let choice = random.integer(makers.reduce((sum, [weight]) => sum + weight, 0))
  for (const [weight, make] of makers) {
    if (choice < weight) return make(random, schema)
    choice -= weight
  }
  return put(random, schema)
}

function common(random: Random, { tableName }: Schema): object {
  return {
    TableName: tableName,
    ...(random.chance(0.3) && { ReturnConsumedCapacity: random.pick(['TOTAL', 'INDEXES', 'NONE']) }),
  }
}

function conditional(random: Random, expressions: RandomExpressions): object {
  return {
    ...(random.chance(0.4) && { ConditionExpression: expressions.condition() }),
    ...(random.chance(0.2) && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
  }
}

function put(random: Random, schema: Schema): Request {
  const expressions = new RandomExpressions(random)
  const condition = conditional(random, expressions)
  return {
    operation: 'PutItem',
    input: {
      ...common(random, schema),
      Item: randomItem(random, schema),
      ...condition,
      ...(random.chance(0.3) && { ReturnValues: random.pick(['ALL_OLD', 'NONE']) }),
      ...expressions.parameters,
    },
  }
}

const returnValues = ['ALL_OLD', 'ALL_NEW', 'NONE', 'UPDATED_OLD', 'UPDATED_NEW']

function update(random: Random, schema: Schema): Request {
  const expressions = new RandomExpressions(random)
  const change = { ...(random.chance(0.97) && { UpdateExpression: expressions.update() }) }
  const condition = conditional(random, expressions)
  return {
    operation: 'UpdateItem',
    input: {
      ...common(random, schema),
      Key: randomKey(random, schema),
      ...change,
      ...condition,
      ...(random.chance(0.5) && { ReturnValues: random.pick(returnValues) }),
      ...expressions.parameters,
    },
  }
}

function remove(random: Random, schema: Schema): Request {
  const expressions = new RandomExpressions(random)
  const condition = conditional(random, expressions)
  return {
    operation: 'DeleteItem',
    input: {
      ...common(random, schema),
      Key: randomKey(random, schema),
      ...condition,
      ...(random.chance(0.3) && { ReturnValues: random.pick(['ALL_OLD', 'NONE']) }),
      ...expressions.parameters,
    },
  }
}

function get(random: Random, schema: Schema): Request {
  const expressions = new RandomExpressions(random)
  const projection = { ...(random.chance(0.4) && { ProjectionExpression: expressions.projection() }) }
  return {
    operation: 'GetItem',
    input: {
      ...common(random, schema),
      Key: randomKey(random, schema),
      ...(random.chance(0.3) && { ConsistentRead: random.chance(0.7) }),
      ...projection,
      ...expressions.parameters,
    },
  }
}

/** The table or one of its indexes. */
function source(random: Random, schema: Schema): { key: Key; index: Index | undefined } {
  const index = schema.indexes.length > 0 && random.chance(0.5) ? random.pick(schema.indexes) : undefined
  return { key: index ?? schema, index }
}

function query(random: Random, schema: Schema): Request {
  const expressions = new RandomExpressions(random)
  const { key, index } = source(random, schema)
  const conditions = [
    ...key.partition.map((attribute) => equality(random, expressions, attribute)),
    ...sortConditions(random, expressions, key),
  ]
  const reading = readingParameters(random, expressions, index)
  return {
    operation: 'Query',
    order: key,
    isPaged: true,
    input: {
      ...common(random, schema),
      ...(index !== undefined && { IndexName: index.name }),
      KeyConditionExpression: conditions.join(' AND '),
      ...(random.chance(0.4) && { ScanIndexForward: random.chance(0.3) }),
      ...reading,
      ...expressions.parameters,
    },
  }
}

function equality(random: Random, expressions: RandomExpressions, { name, type }: KeyAttribute): string {
  return `${expressions.name(name)} = ${expressions.value(randomKeyValue(random, type))}`
}

function sortConditions(random: Random, expressions: RandomExpressions, { sort }: Key): string[] {
  if (sort.length === 0 || random.chance(0.4)) return []
  const equalities = random.integer(sort.length)
  const ranged = sort[equalities]!
  return [
    ...sort.slice(0, equalities).map((attribute) => equality(random, expressions, attribute)),
    sortCondition(random, expressions, ranged),
  ]
}

function sortCondition(random: Random, expressions: RandomExpressions, { name, type }: KeyAttribute): string {
  const attribute = expressions.name(name)
  const value = (): string => expressions.value(randomKeyValue(random, type))
  const operator = random.pick(['=', '<', '<=', '>', '>=', 'BETWEEN', 'begins_with'])
  if (operator === 'BETWEEN') return `${attribute} BETWEEN ${value()} AND ${value()}`
  if (operator === 'begins_with') return `begins_with(${attribute}, ${value()})`
  return `${attribute} ${operator} ${value()}`
}

function readingParameters(random: Random, expressions: RandomExpressions, index: Index | undefined): object {
  const projection = random.chance(0.2) ? { ProjectionExpression: expressions.projection() } : {}
  return {
    ...(random.chance(0.3) && { FilterExpression: expressions.condition() }),
    ...projection,
    ...(random.chance(0.3) && { Limit: 1 + random.integer(4) }),
    ...(random.chance(0.15) && {
      Select: random.pick(['COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES']),
    }),
    ...(random.chance(0.2) && { ConsistentRead: index?.isGlobal !== true || random.chance(0.1) }),
  }
}

function scan(random: Random, schema: Schema): Request {
  const expressions = new RandomExpressions(random)
  const { index } = source(random, schema)
  const reading = readingParameters(random, expressions, index)
  const total = 1 + random.integer(3)
  return {
    operation: 'Scan',
    isPaged: true,
    input: {
      ...common(random, schema),
      ...(index !== undefined && { IndexName: index.name }),
      ...reading,
      ...(random.chance(0.2) && { TotalSegments: total, Segment: total === 1 ? 0 : undefined }),
      ...expressions.parameters,
    },
  }
}

function distinctKeys(random: Random, schema: Schema, count: number): Record<string, AttributeValue>[] {
  const keys = random.times(count, () => randomKey(random, schema))
  if (random.chance(0.1)) return keys
  return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()]
}

function batchGet(random: Random, schema: Schema): Request {
  const expressions = new RandomExpressions(random)
  const projection = { ...(random.chance(0.3) && { ProjectionExpression: expressions.projection() }) }
  return {
    operation: 'BatchGetItem',
    input: {
      RequestItems: {
        [schema.tableName]: {
          Keys: distinctKeys(random, schema, 1 + random.integer(5)),
          ...projection,
          ...expressions.parameters,
        },
      },
    },
  }
}

function batchWrite(random: Random, schema: Schema): Request {
  const keys = distinctKeys(random, schema, 1 + random.integer(5))
  return {
    operation: 'BatchWriteItem',
    input: {
      RequestItems: {
        [schema.tableName]: keys.map((key) =>
          random.chance(0.3)
            ? { DeleteRequest: { Key: key } }
            : { PutRequest: { Item: { ...randomItem(random, schema), ...key } } },
        ),
      },
    },
  }
}

function transactWrite(random: Random, schema: Schema): Request {
  const TableName = schema.tableName
  const items = distinctKeys(random, schema, 1 + random.integer(4)).map((Key) => {
    const expressions = new RandomExpressions(random)
    const condition = conditional(random, expressions)
    return random.pick([
      () => ({
        Put: {
          TableName,
          Item: { ...randomItem(random, schema), ...Key },
          ...condition,
          ...expressions.parameters,
        },
      }),
      () => ({ Delete: { TableName, Key, ...condition, ...expressions.parameters } }),
      () => {
        const UpdateExpression = expressions.update()
        return { Update: { TableName, Key, UpdateExpression, ...condition, ...expressions.parameters } }
      },
      () => {
        const ConditionExpression = expressions.condition()
        return {
          ConditionCheck: { TableName, Key, ...condition, ConditionExpression, ...expressions.parameters },
        }
      },
    ])()
  })
  return { operation: 'TransactWriteItems', input: { TransactItems: items } }
}

function transactGet(random: Random, schema: Schema): Request {
  const TransactItems = distinctKeys(random, schema, 1 + random.integer(4)).map((Key) => {
    const expressions = new RandomExpressions(random)
    const projection = { ...(random.chance(0.3) && { ProjectionExpression: expressions.projection() }) }
    return { Get: { TableName: schema.tableName, Key, ...projection, ...expressions.parameters } }
  })
  return { operation: 'TransactGetItems', input: { TransactItems } }
}

const comparisons = [
  'EQ',
  'NE',
  'LE',
  'LT',
  'GE',
  'GT',
  'NOT_NULL',
  'NULL',
  'CONTAINS',
  'NOT_CONTAINS',
  'BEGINS_WITH',
  'IN',
  'BETWEEN',
]

function legacyCondition(random: Random): object {
  const ComparisonOperator = random.pick(comparisons)
  const counts: Readonly<Record<string, number>> = {
    NOT_NULL: 0,
    NULL: 0,
    BETWEEN: 2,
    IN: 1 + random.integer(3),
  }
  const count = counts[ComparisonOperator] ?? 1
  return {
    ComparisonOperator,
    ...(count > 0 && { AttributeValueList: random.times(count, () => randomValue(random, 1)) }),
  }
}

function legacyConditions(random: Random, names: readonly string[] = [...attributeNames, 'missing']): object {
  return Object.fromEntries(random.some(names, 0.2).map((name) => [name, legacyCondition(random)]))
}

function expected(random: Random): object {
  const names = random.some([...attributeNames, 'missing'], 0.2)
  return {
    Expected: Object.fromEntries(
      names.map((name) => [
        name,
        random.pick<() => object>([
          () => ({ Exists: false }),
          () => ({ Value: randomAttribute(random, name) }),
          () => legacyCondition(random),
        ])(),
      ]),
    ),
    ...(random.chance(0.2) && { ConditionalOperator: random.pick(['AND', 'OR']) }),
  }
}

function legacyPut(random: Random, schema: Schema): Request {
  return {
    operation: 'PutItem',
    input: {
      ...common(random, schema),
      Item: randomItem(random, schema),
      ...expected(random),
      ReturnValues: 'ALL_OLD',
    },
  }
}

function legacyUpdate(random: Random, schema: Schema): Request {
  const updates = random.some(attributeNames, 0.3).map((name) => {
    const Action = random.pick(['PUT', 'PUT', 'ADD', 'DELETE'])
    const hasValue = Action !== 'DELETE' || random.chance(0.4)
    return [name, { Action, ...(hasValue && { Value: randomAttribute(random, name) }) }]
  })
  return {
    operation: 'UpdateItem',
    input: {
      ...common(random, schema),
      Key: randomKey(random, schema),
      AttributeUpdates: Object.fromEntries(updates),
      ...(random.chance(0.4) && expected(random)),
      ReturnValues: random.pick(returnValues),
    },
  }
}

function legacyQuery(random: Random, schema: Schema): Request {
  const { key, index } = source(random, schema)
  const conditions = Object.fromEntries(
    key.partition.map(({ name, type }) => [
      name,
      { ComparisonOperator: 'EQ', AttributeValueList: [randomKeyValue(random, type)] },
    ]),
  )
  const [sort] = key.sort
  if (sort !== undefined && key.sort.length === 1 && random.chance(0.5)) {
    const ComparisonOperator = random.pick(['EQ', 'LE', 'LT', 'GE', 'GT', 'BEGINS_WITH', 'BETWEEN'])
    const count = ComparisonOperator === 'BETWEEN' ? 2 : 1
    conditions[sort.name] = {
      ComparisonOperator,
      AttributeValueList: random.times(count, () => randomKeyValue(random, sort.type)),
    }
  }
  return {
    operation: 'Query',
    order: key,
    isPaged: true,
    input: {
      ...common(random, schema),
      ...(index !== undefined && { IndexName: index.name }),
      KeyConditions: conditions,
      ...(random.chance(0.4) && { QueryFilter: legacyConditions(random) }),
      ...(random.chance(0.3) && { AttributesToGet: ['pk', ...random.some(attributeNames, 0.4)] }),
    },
  }
}

function legacyScan(random: Random, schema: Schema): Request {
  return {
    operation: 'Scan',
    isPaged: true,
    input: {
      ...common(random, schema),
      ScanFilter: legacyConditions(random, [...attributeNames, 'pk', 'missing']),
      ...(random.chance(0.3) && { ConditionalOperator: random.pick(['AND', 'OR']) }),
    },
  }
}
