import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { IndexNotFoundError, TableNotFoundError } from '../errors/table-errors.ts'
import { ScanNotAllowedError } from '../errors/request-errors.ts'
import type { Condition } from '../expressions/condition.ts'
import { compileExpressions } from '../expressions/compile.ts'
import { describeCondition } from '../expressions/describe.ts'
import { parsePath } from '../expressions/path.ts'
import { conditionBuilder as e } from '../query-builder/condition-builder.ts'
import { isoDate } from '../schema/attribute-codec.ts'
import { defineEntity, type Entity } from '../schema/entity.ts'
import { defineTable } from '../schema/table.ts'
import { planRead } from './plan-read.ts'
import type { PlannedRead, PlanRequest } from './plan-request.ts'

const base = {
  entities: [],
  conditions: [],
  select: undefined,
  ascending: true,
  orderBy: undefined,
  consistentRead: false,
  indexName: undefined,
  allowScan: false,
} satisfies Partial<PlanRequest>

/** The parts of a plan worth comparing, in DynamoDB's words. */
function show(planned: PlannedRead): Record<string, unknown> {
  const { plan } = planned
  if (plan.operation === 'none') return { operation: 'none' }
  if (plan.operation === 'GetItem') return { operation: 'GetItem', key: plan.key, ...residualOf(planned) }
  if (plan.operation === 'BatchGetItem') {
    return { operation: 'BatchGetItem', keys: plan.keys, ...residualOf(planned) }
  }
  if (plan.operation === 'Branches') {
    return { operation: 'Branches', branches: plan.branches.map((branch) => show({ ...planned, ...branch })) }
  }
  const key = plan.operation === 'Query' ? compileExpressions({ keyCondition: plan.keyCondition }) : {}
  const names = key.ExpressionAttributeNames ?? {}
  const text = (key.KeyConditionExpression ?? '').replace(/#n\d+/g, (name) => names[name] ?? '')
  return {
    operation: plan.operation,
    ...(plan.indexName !== undefined && { index: plan.indexName }),
    ...(text !== '' && { key: text, values: Object.values(key.ExpressionAttributeValues ?? {}) }),
    ...(plan.filter && { filter: describeCondition(plan.filter) }),
    ...residualOf(planned),
  }
}

const residualOf = ({ residual }: PlannedRead) => residual && { residual: describeCondition(residual) }

const s = (name: string) => ({ name, type: 'string' }) as const
const n = (name: string) => ({ name, type: 'number' }) as const

const table = defineTable({
  name: 'Things',
  partitionKey: s('pk'),
  sortKey: n('sk'),
  indexes: {
    byStatus: { type: 'global', partitionKey: s('status'), sortKey: s('date') },
    byStatusTotal: { type: 'global', partitionKey: s('status'), sortKey: n('total') },
    multi: {
      type: 'global',
      partitionKey: [s('country'), s('city')],
      sortKey: [s('year'), s('month'), s('day')],
    },
    narrow: { type: 'global', partitionKey: s('owner'), projection: ['title'] },
    keys: { type: 'global', partitionKey: s('color'), projection: 'keys-only' },
    local: { type: 'local', sortKey: s('title'), projection: 'keys-only' },
  },
})
const untyped = (conditions: readonly Condition[], change: Partial<PlanRequest> = {}) =>
  planRead({ ...base, table, conditions, ...change })

describe('an untyped table', () => {
  test.each<[string, readonly Condition[], Record<string, unknown>]>([
    [
      'the whole key',
      [e('pk', '=', 'a'), e('sk', '=', 1)],
      { operation: 'GetItem', key: { pk: 'a', sk: 1 } },
    ],
    [
      'in with one value counts as equality',
      [e('pk', 'in', ['a']), e('sk', '=', 1)],
      { operation: 'GetItem', key: { pk: 'a', sk: 1 } },
    ],
    [
      'the whole key and more',
      [e('pk', '=', 'a'), e('sk', '=', 1), e('x', '=', 2)],
      { operation: 'Query', key: 'pk = :v0 AND sk = :v1', values: ['a', 1], filter: 'x = ?' },
    ],
    ['the partition key', [e('pk', '=', 'a')], { operation: 'Query', key: 'pk = :v0', values: ['a'] }],
    [
      'a range of the sort key',
      [e('pk', '=', 'a'), e('sk', '>', 1)],
      { operation: 'Query', key: 'pk = :v0 AND sk > :v1', values: ['a', 1] },
    ],
    [
      'two inclusive bounds',
      [e('pk', '=', 'a'), e('sk', '>=', 1), e('sk', '<=', 5)],
      { operation: 'Query', key: 'pk = :v0 AND sk BETWEEN :v1 AND :v2', values: ['a', 1, 5] },
    ],
    [
      'an exclusive bound is checked again',
      [e('pk', '=', 'a'), e('sk', '>', 1), e('sk', '<=', 5)],
      {
        operation: 'Query',
        key: 'pk = :v0 AND sk BETWEEN :v1 AND :v2',
        values: ['a', 1, 5],
        residual: 'sk > ?',
      },
    ],
    [
      'other conditions on a key attribute are checked by dynakit',
      [e('pk', '=', 'a'), e('sk', '<>', 1), e('x', '=', 2)],
      { operation: 'Query', key: 'pk = :v0', values: ['a'], filter: 'x = ?', residual: 'sk <> ?' },
    ],
    [
      'a second equality',
      [e('pk', '=', 'a'), e('pk', '=', 'b')],
      { operation: 'Query', key: 'pk = :v0', values: ['a'], residual: 'pk = ?' },
    ],
    [
      'a group that looks at a key',
      [e('pk', '=', 'a'), e.or([e('sk', '=', 1), e('x', '=', 2)])],
      { operation: 'Query', key: 'pk = :v0', values: ['a'], residual: 'sk = ? or x = ?' },
    ],
    [
      'a range of a wrong type is no key condition',
      [e('pk', '=', 'a'), e('sk', '>', 'x')],
      { operation: 'Query', key: 'pk = :v0', values: ['a'], residual: 'sk > ?' },
    ],
    [
      'an index',
      [e('status', '=', 'open')],
      { operation: 'Query', index: 'byStatus', key: 'status = :v0', values: ['open'] },
    ],
    [
      'the index with the better sort key',
      [e('status', '=', 'open'), e('total', '>', 5)],
      {
        operation: 'Query',
        index: 'byStatusTotal',
        key: 'status = :v0 AND total > :v1',
        values: ['open', 5],
      },
    ],
    [
      'an equality beats a range',
      [e('status', '=', 'open'), e('total', '>', 5), e('date', '=', 'd')],
      {
        operation: 'Query',
        index: 'byStatus',
        key: 'status = :v0 AND date = :v1',
        values: ['open', 'd'],
        filter: 'total > ?',
      },
    ],
    [
      'the table beats an equally good index',
      [e('pk', '=', 'a'), e('status', '=', 'open')],
      { operation: 'Query', key: 'pk = :v0', values: ['a'], filter: 'status = ?' },
    ],
    [
      'begins_with on a string sort key',
      [e('status', '=', 'open'), e('date', 'begins_with', '2026')],
      {
        operation: 'Query',
        index: 'byStatus',
        key: 'status = :v0 AND begins_with(date, :v1)',
        values: ['open', '2026'],
      },
    ],
    [
      'between on a sort key',
      [e('status', '=', 'open'), e('date', 'between', ['a', 'b'])],
      {
        operation: 'Query',
        index: 'byStatus',
        key: 'status = :v0 AND date BETWEEN :v1 AND :v2',
        values: ['open', 'a', 'b'],
      },
    ],
    [
      'several partition key attributes',
      [e('city', '=', 'Bern'), e('country', '=', 'CH')],
      { operation: 'Query', index: 'multi', key: 'country = :v0 AND city = :v1', values: ['CH', 'Bern'] },
    ],
    [
      'several sort key attributes, the last a range',
      [e('country', '=', 'CH'), e('city', '=', 'Bern'), e('year', '=', '26'), e('month', '>=', '05')],
      {
        operation: 'Query',
        index: 'multi',
        key: 'country = :v0 AND city = :v1 AND year = :v2 AND month >= :v3',
        values: ['CH', 'Bern', '26', '05'],
      },
    ],
    [
      'a gap in the sort key ends it',
      [e('country', '=', 'CH'), e('city', '=', 'Bern'), e('month', '=', '05')],
      {
        operation: 'Query',
        index: 'multi',
        key: 'country = :v0 AND city = :v1',
        values: ['CH', 'Bern'],
        residual: 'month = ?',
      },
    ],
    [
      'a range ends the sort key',
      [e('country', '=', 'CH'), e('city', '=', 'Bern'), e('year', '>', '20'), e('month', '=', '05')],
      {
        operation: 'Query',
        index: 'multi',
        key: 'country = :v0 AND city = :v1 AND year > :v2',
        values: ['CH', 'Bern', '20'],
        residual: 'month = ?',
      },
    ],
    [
      'a local index, when its sort key is asked for',
      [e('pk', '=', 'a'), e('title', 'begins_with', 'T')],
      { operation: 'Query', index: 'local', key: 'pk = :v0 AND begins_with(title, :v1)', values: ['a', 'T'] },
    ],
    ['an empty in', [e('pk', '=', 'a'), e('x', 'in', [])], { operation: 'none' }],
    ['bounds the wrong way round', [e('pk', '=', 'a'), e('sk', 'between', [5, 1])], { operation: 'none' }],
    [
      'bounds the wrong way round, from two conditions',
      [e('pk', '=', 'a'), e('sk', '>=', 5), e('sk', '<=', 1)],
      { operation: 'none' },
    ],
  ])('%s', (_name, conditions, expected) => {
    expect(show(untyped(conditions))).toEqual(expected)
  })

  test('an index that does not hold what is wanted is passed over', () => {
    const conditions = [e('owner', '=', 'me')]
    expect(() => untyped(conditions)).toThrow('it does not hold all attributes')
    expect(show(untyped(conditions, { select: [parsePath('title'), parsePath('pk')] }))).toMatchObject({
      index: 'narrow',
    })
    expect(() => untyped(conditions, { select: [parsePath('other')] })).toThrow('it does not hold other')
    expect(() => untyped([...conditions, e('other', '=', 1)], { select: [parsePath('title')] })).toThrow(
      'it does not hold other',
    )
    expect(show(untyped([e('color', '=', 'red')], { select: [parsePath('sk')] }))).toMatchObject({
      index: 'keys',
    })
  })

  test('an index that is asked for gives what it holds, with a warning', () => {
    const planned = untyped([e('owner', '=', 'me')], { indexName: 'narrow' })
    expect(show(planned)).toMatchObject({ index: 'narrow' })
    expect(planned.explanation.warnings.join()).toContain('only a part of the attributes')
    expect(() =>
      untyped([e('owner', '=', 'me')], { indexName: 'narrow', select: [parsePath('other')] }),
    ).toThrow(ScanNotAllowedError)
  })

  test('a local index reads the rest from the table, with a warning', () => {
    expect(untyped([e('pk', '=', 'a'), e('title', '=', 'T')]).explanation.warnings.join()).toContain(
      'reads each item from the table',
    )
  })

  test('a consistent read never uses a global index', () => {
    expect(() => untyped([e('status', '=', 'open')], { consistentRead: true })).toThrow(
      'a global index has no consistent reads',
    )
    expect(untyped([e('pk', '=', 'a')], { consistentRead: true }).plan).toMatchObject({
      consistentRead: true,
    })
  })

  test('an order that is asked for decides', () => {
    expect(show(untyped([e('status', '=', 'open')], { orderBy: 'total' }))).toMatchObject({
      index: 'byStatusTotal',
    })
    expect(() => untyped([e('status', '=', 'open')], { orderBy: 'pk' })).toThrow(
      'its items are not ordered by pk',
    )
    expect(
      show(
        untyped([e('country', '=', 'CH'), e('city', '=', 'Bern'), e('year', '=', '26')], {
          orderBy: 'month',
        }),
      ),
    ).toMatchObject({ index: 'multi' })
    expect(() => untyped([e('country', '=', 'CH'), e('city', '=', 'Bern')], { orderBy: 'month' })).toThrow(
      ScanNotAllowedError,
    )
  })

  test('an index that does not exist is named with those that do', () => {
    expect(() => untyped([], { indexName: 'nope' })).toThrow(IndexNotFoundError)
    expect(() => untyped([], { indexName: 'nope' })).toThrow('byStatus, byStatusTotal')
  })

  test('the projection has what the cursor and the residual condition need, without overlaps', () => {
    const planned = untyped([e('status', '=', 'open'), e('date', 'contains', 'x')], {
      select: ['a.b', 'a.b', 'a.b.c', 'date', 'list[0].x', 'list[1]'].map(parsePath),
    })
    const { projection } = planned.plan as { projection?: readonly { text: string }[] }
    expect(projection?.map((path) => path.text)).toEqual([
      'date',
      'pk',
      'sk',
      'status',
      'a.b',
      'list[0].x',
      'list[1]',
    ])
    expect(planned.cursorAttributes).toEqual(['pk', 'sk', 'status', 'date'])
  })
})

describe('a scan', () => {
  test('is refused with the fields, every index, and an index that would serve', () => {
    try {
      untyped([e('size', '=', 5), e('weight', '>', 2), e('sk', '=', 1)])
      expect.unreachable()
    } catch (error) {
      if (!ScanNotAllowedError.is(error)) throw error
      expect(error.fields).toEqual(['size', 'weight', 'sk'])
      expect(error.rejected.map(({ indexName }) => indexName)).toEqual([
        undefined,
        'byStatus',
        'byStatusTotal',
        'multi',
        'narrow',
        'keys',
        'local',
      ])
      expect(error.rejected[0]?.reason).toBe('its partition key pk needs a condition pk = ...')
      expect(error.suggestion).toBe(
        "bySizeWeightSk: { type: 'global', partitionKey: [{ name: 'size', type: 'number' }, { name: 'sk', type: 'number' }], sortKey: { name: 'weight', type: 'number' }, projection: 'all' }",
      )
      expect(error.message).toContain(error.suggestion)
      expect(error.message).toContain('.allowScan()')
    }
  })

  test('has no suggestion when no index could help', () => {
    expect(() => untyped([e('x', '<>', 1)])).toThrow(
      expect.objectContaining({ suggestion: undefined }) as Error,
    )
    expect(() => untyped([])).toThrow('no conditions')
    expect(() => untyped([e('pk', '>', 'a')])).toThrow("needs pk with '=', not '>'")
  })

  test('happens when allowed', () => {
    expect(show(untyped([e('x', '<>', 1)], { allowScan: true }))).toEqual({
      operation: 'Scan',
      filter: 'x <> ?',
    })
    expect(show(untyped([], { allowScan: true, indexName: 'byStatus' }))).toEqual({
      operation: 'Scan',
      index: 'byStatus',
    })
    expect(show(untyped([e('pk', '=', 'a')], { allowScan: true }))).toMatchObject({ operation: 'Query' })
  })
})

const shop = defineTable({
  name: 'Shop',
  partitionKey: s('pk'),
  sortKey: s('sk'),
  indexes: {
    gsi1: { type: 'global', partitionKey: s('gsi1pk'), sortKey: s('gsi1sk') },
    byDay: { type: 'global', partitionKey: s('status'), sortKey: s('placedAt') },
    byNote: { type: 'global', partitionKey: s('status'), sortKey: s('note') },
  },
})
const Order = defineEntity({
  name: 'Order',
  table: shop,
  attributes: {
    customerId: z.string(),
    orderId: z.string(),
    line: z.number(),
    status: z.string(),
    total: z.number(),
    placedAt: isoDate(),
    note: z.string().optional(),
  },
  key: { partitionKey: 'C#{customerId}', sortKey: 'O#{orderId}#{line}' },
  indexes: { gsi1: { partitionKey: 'TOTAL', sortKey: '{total:6}' } },
})
const Customer = defineEntity({
  name: 'Customer',
  table: shop,
  attributes: { customerId: z.string(), name: z.string() },
  key: { partitionKey: 'C#{customerId}', sortKey: 'PROFILE' },
})
const Audit = defineEntity({
  name: 'Audit',
  table: shop,
  attributes: { customerId: z.string(), at: z.string() },
  key: { partitionKey: 'A#{customerId}', sortKey: '{at}' },
})

const typed = (
  conditions: readonly Condition[],
  change: Partial<PlanRequest> = {},
  ...entities: readonly Entity[]
) =>
  planRead({
    ...base,
    table: shop,
    entities: (entities.length === 0 ? [Order] : entities).map((entity) => entity['~compiled']),
    conditions,
    ...change,
  })

describe('an entity', () => {
  const c = e('customerId', '=', 'c')
  const o = e('orderId', '=', 'o')
  test.each<[string, readonly Condition[], Record<string, unknown>]>([
    ['all key fields', [c, o, e('line', '=', 1)], { operation: 'GetItem', key: { pk: 'C#c', sk: 'O#o#1' } }],
    [
      'the partition key, narrowed to the entity by the template',
      [c],
      {
        operation: 'Query',
        key: 'pk = :v0 AND begins_with(sk, :v1)',
        values: ['C#c', 'O#'],
        filter: '_entity = ?',
      },
    ],
    [
      'a field of the sort key',
      [c, o],
      {
        operation: 'Query',
        key: 'pk = :v0 AND begins_with(sk, :v1)',
        values: ['C#c', 'O#o#'],
        filter: '_entity = ?',
      },
    ],
    [
      'begins_with on a field of the sort key',
      [c, e('orderId', 'begins_with', '20')],
      {
        operation: 'Query',
        key: 'pk = :v0 AND begins_with(sk, :v1)',
        values: ['C#c', 'O#20'],
        filter: '_entity = ?',
      },
    ],
    [
      'a prefix with the separator is no key prefix',
      [c, e('orderId', 'begins_with', 'a#')],
      {
        operation: 'Query',
        key: 'pk = :v0 AND begins_with(sk, :v1)',
        values: ['C#c', 'O#'],
        filter: '_entity = ? and orderId begins_with ?',
      },
    ],
    [
      'a range on a field that is not the last one stays a filter',
      [c, e('orderId', '>', 'x')],
      {
        operation: 'Query',
        key: 'pk = :v0 AND begins_with(sk, :v1)',
        values: ['C#c', 'O#'],
        filter: '_entity = ? and orderId > ?',
      },
    ],
    [
      'a range on an unpadded number stays a filter',
      [c, o, e('line', '>', 2)],
      {
        operation: 'Query',
        key: 'pk = :v0 AND begins_with(sk, :v1)',
        values: ['C#c', 'O#o#'],
        filter: '_entity = ? and line > ?',
      },
    ],
    [
      'a static partition key and a padded number',
      [e('total', 'between', [5, 10.5])],
      {
        operation: 'Query',
        index: 'gsi1',
        key: 'gsi1pk = :v0 AND gsi1sk BETWEEN :v1 AND :v2',
        values: ['TOTAL', '000005', '000010.5'],
        filter: '_entity = ?',
      },
    ],
    [
      'only an upper bound on a padded number',
      [e('total', '<', 5)],
      {
        operation: 'Query',
        index: 'gsi1',
        key: 'gsi1pk = :v0 AND gsi1sk <= :v1',
        values: ['TOTAL', '000005'],
        filter: '_entity = ? and total < ?',
      },
    ],
    [
      'an index over its own attributes',
      [e('status', '=', 'open'), e('placedAt', '>', '2026')],
      {
        operation: 'Query',
        index: 'byDay',
        key: 'status = :v0 AND placedAt > :v1',
        values: ['open', '2026'],
        filter: '_entity = ?',
      },
    ],
  ])('%s', (_name, conditions, expected) => {
    expect(show(typed(conditions))).toEqual(expected)
  })

  test('an index that misses items without an optional field is used only when they are excluded', () => {
    expect(show(typed([e('status', '=', 'open')]))).toMatchObject({ index: 'byDay' })
    expect(show(typed([e('status', '=', 'open'), e('note', '=', 'x')]))).toMatchObject({ index: 'byNote' })
    expect(show(typed([e('status', '=', 'open'), e('note', '<>', 'x')]))).toMatchObject({ index: 'byDay' })
    expect(show(typed([e('status', '=', 'open')], { indexName: 'byNote' }))).toMatchObject({
      index: 'byNote',
    })
    expect(typed([e('status', '=', 'open')]).explanation.rejected).toContainEqual({
      indexName: 'byNote',
      reason: expect.stringContaining('does not hold items without note') as string,
    })
  })

  test('a template that ends in a field has ranges, and no empty bound', () => {
    const at = (conditions: readonly Condition[]) =>
      show(typed([e('customerId', '=', 'c'), ...conditions], {}, Audit))
    expect(at([e('at', '>=', '2026')])).toMatchObject({ key: 'pk = :v0 AND sk >= :v1' })
    expect(at([e('at', '<', '2026')])).toMatchObject({ key: 'pk = :v0 AND sk < :v1' })
  })

  test('an open range of a template with literal text ends before the next text', () => {
    const Event = defineEntity({
      name: 'Event',
      table: defineTable({ name: 'Events', partitionKey: s('pk'), sortKey: s('sk') }),
      attributes: { id: z.string(), at: z.string() },
      key: { partitionKey: 'E', sortKey: 'AT#{at}' },
    })
    const plan = (conditions: readonly Condition[]) =>
      show(planRead({ ...base, table: Event.table, entities: [Event['~compiled']], conditions }))
    expect(plan([e('at', '>', '2026')])).toMatchObject({
      values: ['E', 'AT#2026', 'AT$'],
      filter: '_entity = ? and at > ?',
    })
    expect(plan([e('at', '<=', '2026')])).toMatchObject({
      values: ['E', 'AT#', 'AT#2026'],
      filter: '_entity = ? and at <= ?',
    })
    expect(plan([e('at', '>=', '1'), e('at', '<=', '2')])).toMatchObject({
      values: ['E', 'AT#1', 'AT#2'],
      filter: '_entity = ?',
    })
    expect(plan([e('at', '>=', '1'), e('at', '<', '2')])).toMatchObject({
      values: ['E', 'AT#1', 'AT#2'],
      filter: '_entity = ? and at < ?',
    })
  })

  test('a bound or value no key can hold stays a filter', () => {
    for (const condition of [e('total', '>', -5), e('total', '=', -5), e('total', '>', 10_000_000)]) {
      expect(show(typed([condition], { indexName: 'gsi1' }))).toEqual({
        operation: 'Query',
        index: 'gsi1',
        key: 'gsi1pk = :v0',
        values: ['TOTAL'],
        filter: `_entity = ? and total ${condition.type === 'field' ? condition.operator : ''} ?`,
      })
    }
  })

  test('one partition for all items is as good as a scan, unless all are wanted or it is asked for', () => {
    expect(() => typed([e('note', '=', 'x')])).toThrow('it would read all of them')
    expect(show(typed([]))).toMatchObject({ index: 'gsi1' })
    expect(show(typed([e('note', '=', 'x')], { indexName: 'gsi1' }))).toMatchObject({ index: 'gsi1' })
    expect(show(typed([e('note', '=', 'x')], { orderBy: 'total' }))).toMatchObject({ index: 'gsi1' })
    expect(show(typed([e('note', '=', 'x')], { allowScan: true }))).toMatchObject({ index: 'gsi1' })
  })

  test('a value that can be no partition key is the reason', () => {
    expect(() => typed([e('customerId', '=', 'a#b')])).toThrow("contains '#'")
  })

  test('its own key attributes read one item, and check whose it is', () => {
    const Users = defineTable({ name: 'Users', partitionKey: s('id') })
    const User = defineEntity({ name: 'User', table: Users, attributes: { id: z.string() } })
    const planned = planRead({
      ...base,
      table: Users,
      entities: [User['~compiled']],
      conditions: [e('id', '=', 'u')],
    })
    expect(show(planned)).toMatchObject({ operation: 'GetItem' })
    expect(planned.residual).toBeDefined()
  })
})

describe('several entities', () => {
  test('share one query on their partition key', () => {
    expect(show(typed([e('customerId', '=', 'c')], {}, Order, Customer))).toEqual({
      operation: 'Query',
      key: 'pk = :v0',
      values: ['C#c'],
      filter: '_entity in (?, ?)',
    })
  })

  test('whose partition keys differ cannot be read together', () => {
    expect(() => typed([e('customerId', '=', 'c')], {}, Order, Audit)).toThrow(
      'Order and Audit have different partition keys',
    )
  })

  test('one of which is not in an index cannot be read through it', () => {
    expect(() => typed([], { indexName: 'gsi1' }, Order, Customer)).toThrow(
      "Customer has no attribute or template for 'gsi1pk",
    )
  })
})

describe('the explanation', () => {
  test('is data that prints as text without values', () => {
    const { explanation } = typed([e('customerId', '=', 'hunter2'), e('total', '>', 4242)], {
      ascending: false,
    })
    expect(explanation).toMatchObject({
      operation: 'Query',
      tableName: 'Shop',
      indexName: undefined,
      keyCondition: ["pk = 'C#{customerId}'", "sk begins_with 'O#'"],
      order: { by: ['sk'], direction: 'descending' },
      alternatives: [{ indexName: 'gsi1', reason: expect.stringContaining('same for all items') as string }],
    })
    const text = String(explanation)
    expect(text).toContain("key condition: pk = 'C#{customerId}' and sk begins_with 'O#'")
    expect(text).toContain('not chosen: gsi1')
    expect(text).toContain('cannot serve: byDay')
    expect(text).not.toMatch(/hunter2|4242/)
    expect(JSON.parse(JSON.stringify(explanation))).toMatchObject({ operation: 'Query' })
  })

  test('says why one of two equals was preferred', () => {
    const twins = defineTable({
      name: 'Twins',
      partitionKey: s('pk'),
      indexes: {
        one: { type: 'global', partitionKey: s('a') },
        two: { type: 'global', partitionKey: s('a') },
      },
    })
    const { explanation } = planRead({ ...base, table: twins, conditions: [e('a', '=', 'x')] })
    expect(explanation.alternatives).toEqual([
      { indexName: 'two', reason: 'it serves as well, and is declared later' },
    ])
  })
})

test('TableNotFoundError is not an IndexNotFoundError', () => {
  expect(IndexNotFoundError.is(new TableNotFoundError('x'))).toBe(false)
})
