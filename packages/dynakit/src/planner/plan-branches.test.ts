import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Condition } from '../expressions/condition.ts'
import { compileExpressions } from '../expressions/compile.ts'
import { describeCondition } from '../expressions/describe.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { parsePath } from '../expressions/path.ts'
import type { QueryPlan } from '../operations/read/query.ts'
import type { ScanPlan } from '../operations/read/scan.ts'
import { conditionBuilder as e } from '../query-builder/condition-builder.ts'
import { defineEntity } from '../schema/entity.ts'
import { defineTable } from '../schema/table.ts'
import { planRead } from './plan-read.ts'
import type { PlannedRead, PlanRequest } from './plan-request.ts'

const s = (name: string) => ({ name, type: 'string' }) as const
const n = (name: string) => ({ name, type: 'number' }) as const

const table = defineTable({
  name: 'Things',
  partitionKey: s('pk'),
  sortKey: n('sk'),
  indexes: {
    byStatus: { type: 'global', partitionKey: s('status'), sortKey: s('date') },
    multi: { type: 'global', partitionKey: [s('country'), s('city')], sortKey: [s('year'), s('month')] },
    narrow: { type: 'global', partitionKey: s('owner'), projection: ['title'] },
    local: { type: 'local', sortKey: s('title'), projection: 'keys-only' },
  },
})
const base = {
  entities: [],
  select: undefined,
  ascending: true,
  orderBy: undefined,
  consistentRead: false,
  indexName: undefined,
  allowScan: false,
} satisfies Partial<PlanRequest>
const plan = (conditions: readonly Condition[], change: Partial<PlanRequest> = {}): PlannedRead =>
  planRead({ ...base, table, conditions, ...change })

interface Shown {
  readonly key: string
  readonly rest?: string
}

function showBranch(branch: { plan: QueryPlan | ScanPlan; residual: Condition | undefined }): Shown {
  const { plan, residual } = branch
  const rest = [plan.filter, residual].flatMap((one) => (one ? [describeCondition(one)] : [])).join(' | ')
  const more = rest === '' ? {} : { rest }
  if (plan.operation === 'Scan') return { key: `segment ${String(plan.segment?.number)}`, ...more }
  const { KeyConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } = compileExpressions({
    keyCondition: plan.keyCondition,
  })
  const key = (KeyConditionExpression ?? '')
    .replace(/#n\d+/g, (name) => ExpressionAttributeNames?.[name] ?? '')
    .replace(/:v\d+/g, (name) => ExpressionAttributeValues?.[name] as string)
  return { key, ...more }
}

const branchesOf = ({ plan: { operation, ...rest } }: PlannedRead): readonly Shown[] => {
  if (operation !== 'Branches') throw new Error(operation)
  return (rest as Extract<PlannedRead['plan'], { operation: 'Branches' }>).branches.map(showBranch)
}

const keysOf = ({ plan }: PlannedRead): unknown => plan.operation === 'BatchGetItem' && plan.keys

describe('in', () => {
  test('on a partition key makes one query per value, each value once', () => {
    const planned = plan([e('pk', 'in', ['b', 'a', 'b']), e('sk', '>', 3), e('x', '=', 1)])
    expect(branchesOf(planned)).toEqual([
      { key: 'pk = b AND sk > 3', rest: 'x = ?' },
      { key: 'pk = a AND sk > 3', rest: 'x = ?' },
    ])
    expect(planned.plan).toMatchObject({ order: ['sk'], ascending: true })
  })

  test('on several key attributes makes all combinations', () => {
    const conditions = [
      e('country', '=', 'ch'),
      e('city', 'in', ['Bern', 'Chur']),
      e('year', 'in', ['1', '2']),
      e('month', 'begins_with', 'J'),
    ]
    expect(branchesOf(plan(conditions)).map(({ key }) => key)).toEqual([
      'country = ch AND city = Bern AND year = 1 AND begins_with(month, J)',
      'country = ch AND city = Bern AND year = 2 AND begins_with(month, J)',
      'country = ch AND city = Chur AND year = 1 AND begins_with(month, J)',
      'country = ch AND city = Chur AND year = 2 AND begins_with(month, J)',
    ])
  })

  test('is not taken apart on a sort key attribute behind one that is not fixed', () => {
    const planned = plan([e('country', '=', 'ch'), e('city', '=', 'Bern'), e('month', 'in', ['1', '2'])])
    expect(planned.plan.operation).toBe('Query')
    expect(planned.residual && describeCondition(planned.residual)).toBe('month in (?, ?)')
  })

  test('over whole keys reads the items by their keys, in the order of the sort key', () => {
    const conditions = [e('pk', 'in', ['b', 'a']), e('sk', 'in', [10, 9]), e('x', '=', 1)]
    const keys = [
      { pk: 'b', sk: 9 },
      { pk: 'a', sk: 9 },
      { pk: 'b', sk: 10 },
      { pk: 'a', sk: 10 },
    ]
    expect(keysOf(plan(conditions))).toEqual(keys)
    expect(keysOf(plan(conditions, { ascending: false }))).toEqual([...keys].reverse())
    expect(describeCondition(plan(conditions).residual as Condition)).toBe('x = ?')
  })

  test('with too many values is refused with their number', () => {
    const many = Array.from({ length: 11 }, (_, at) => String(at))
    const conditions = [e('country', 'in', many), e('city', 'in', many)]
    expect(() => plan(conditions)).toThrow('it would take 121 queries, and at most 100')
    // On a sort key it is checked after reading instead.
    const sorted = plan([e('status', 'in', many), e('date', 'in', many)])
    expect(branchesOf(sorted)).toHaveLength(11)
    expect(branchesOf(sorted)[0]).toEqual({
      key: 'status = 0',
      rest: `date in (${many.map(() => '?').join(', ')})`,
    })
  })
})

describe('or', () => {
  test('over keys of one index is several queries, none of which finds what an earlier one does', () => {
    const either = e.or([
      e.and([e('status', '=', 'open'), e('date', '>', '2026')]),
      e.and([e('status', '=', 'open'), e('x', '=', 1)]),
      e('status', '=', 'closed'),
    ])
    expect(branchesOf(plan([either, e('y', '=', 2)]))).toEqual([
      { key: 'status = open AND date > 2026', rest: 'y = ?' },
      { key: 'status = open', rest: 'y = ? and x = ? | not (status = ? and date > ?)' },
      { key: 'status = closed', rest: 'y = ?' },
    ])
  })

  test('over whole keys reads the items by their keys, each once', () => {
    const one = e.and([e('pk', '=', 'a'), e('sk', '=', 1)])
    const other = e.and([e('pk', '=', 'b'), e('sk', '=', 0)])
    expect(keysOf(plan([e.or([one, other, one])]))).toEqual([
      { pk: 'b', sk: 0 },
      { pk: 'a', sk: 1 },
    ])
  })

  test('narrows a sort key where a filter would read the whole partition', () => {
    expect(branchesOf(plan([e('pk', '=', 'a'), e.or([e('sk', '<', 2), e('sk', '>', 8)])]))).toEqual([
      { key: 'pk = a AND sk < 2' },
      { key: 'pk = a AND sk > 8', rest: 'not (sk < ?)' },
    ])
  })

  test('of which one member has no key stays a filter', () => {
    const planned = plan([e('pk', '=', 'a'), e.or([e('sk', '=', 1), e('x', '=', 2)])])
    expect(planned.plan.operation).toBe('Query')
  })

  test('of members no item can meet reads nothing', () => {
    const never = e.or([e('pk', 'in', []), e.and([e('pk', '=', 'a'), e('sk', 'between', [2, 1])])])
    expect(plan([never]).plan.operation).toBe('none')
    const one = e.or([e('pk', 'in', []), e('pk', '=', 'a')])
    expect(plan([one]).plan.operation).toBe('Query')
    expect(plan([e.not(e('x', 'in', [])), e('pk', '=', 'a')]).plan).not.toHaveProperty(
      'filter',
      expect.anything(),
    )
  })
})

describe('an order that is asked for', () => {
  test('is kept by several queries when their fixed sort keys are equal', () => {
    const conditions = [e('country', '=', 'ch'), e('city', 'in', ['Bern', 'Chur'])]
    const same = plan([...conditions, e('year', '=', '1')], { orderBy: 'month' })
    expect(branchesOf(same)).toHaveLength(2)
    const differing = [...conditions, e('year', 'in', ['1', '2'])]
    expect(() => plan(differing, { orderBy: 'month' })).toThrow('not ordered by month')
    expect(plan(differing, { orderBy: 'year' }).explanation.order?.by).toEqual(['year', 'month'])
  })

  test('is made by sorting a scan, which needs every item to have a place', () => {
    const scanned = plan([], { allowScan: true, orderBy: 'x', ascending: false })
    expect(scanned.sortedBy).toEqual({ attribute: 'x', ascending: false })
    expect(scanned.explanation.order).toEqual({ by: ['x'], direction: 'descending' })
    const Thing = defineEntity({
      name: 'Thing',
      table,
      attributes: { pk: z.string(), sk: z.number(), x: z.number().optional() },
    })
    const typed = { entities: [Thing['~compiled']], allowScan: true, orderBy: 'x' }
    expect(() => plan([], typed)).toThrow(ValidationError)
    expect(plan([e('x', 'exists')], typed).sortedBy).toBeDefined()
  })
})

describe('attributes an index does not hold', () => {
  const conditions = [e('owner', '=', 'o'), e('x', '=', 1)]

  test('are a reason against it that says what to do', () => {
    expect(() => plan(conditions)).toThrow('call .completeItems() to read the rest from the table')
    expect(() => plan(conditions, { indexName: 'narrow' })).toThrow('it does not hold x')
  })

  test('are read from the table when asked for, and all conditions checked there', () => {
    const planned = plan(conditions, { completeItems: true })
    expect(planned.completion).toMatchObject({ projection: undefined })
    expect(describeCondition(planned.completion?.condition as Condition)).toBe('owner = ? and x = ?')
    expect(planned.plan).toMatchObject({ indexName: 'narrow', filter: undefined })
    expect((planned.plan as QueryPlan).projection?.map(({ text }) => text)).toEqual(['pk', 'sk', 'owner'])
    const selected = plan(conditions, { completeItems: true, select: [parsePath('y')] })
    expect(selected.completion?.projection?.map(({ text }) => text)).toEqual(['y', 'pk', 'sk', 'owner', 'x'])
    expect(selected.explanation).toMatchObject({ completedFromTable: ['y', 'pk', 'sk', 'owner', 'x'] })
  })

  test('an index that holds them is preferred', () => {
    const wide = defineTable({
      ...table.options,
      name: 'Wide',
      indexes: { ...table.options.indexes, wide: { type: 'global', partitionKey: s('owner') } },
    })
    const planned = plan([e('owner', '=', 'o')], { table: wide, completeItems: true })
    expect(planned.source.indexName).toBe('wide')
    expect(planned.explanation.alternatives).toEqual([
      { indexName: 'narrow', reason: 'each item would be read from the table as well' },
    ])
  })

  test('of a local index are read by DynamoDB, and not filtered by it', () => {
    const planned = plan([e('pk', '=', 'a'), e('title', '>', 't'), e('x', '=', 1)])
    expect(planned.plan).toMatchObject({ indexName: 'local', allAttributes: true, filter: undefined })
    expect(describeCondition(planned.residual as Condition)).toBe('x = ?')
  })
})

describe('conditions that hide items', () => {
  const visibility = [e('gone', 'not_exists')]

  test('are checked by dynakit on items read by their keys', () => {
    const planned = plan([e('pk', '=', 'a'), e('sk', '=', 1)], { visibility })
    expect(planned.plan.operation).toBe('GetItem')
    expect(describeCondition(planned.residual as Condition)).toBe('gone not_exists')
  })

  test('are filters of queries and scans, and choose no key', () => {
    expect(plan([e('pk', '=', 'a')], { visibility }).plan).toMatchObject({ filter: visibility[0] })
    expect(plan([], { visibility, allowScan: true }).plan).toMatchObject({ filter: visibility[0] })
    expect(() => plan([], { visibility: [e('pk', '=', 'a')] })).toThrow('no conditions')
  })
})

describe('a scan', () => {
  test('in parts has one read for each, and no order', () => {
    const planned = plan([e('x', '=', 1)], { allowScan: true, segments: 3 })
    expect(branchesOf(planned)).toEqual(
      [0, 1, 2].map((at) => ({ key: `segment ${String(at)}`, rest: 'x = ?' })),
    )
    expect(planned.explanation).toMatchObject({ operation: 'Scan', queries: 3, order: undefined })
  })

  test('of an index is refused when its conditions look at what the index lacks', () => {
    const scanned = { allowScan: true, indexName: 'narrow' }
    expect(() => plan([e('x', '=', 1)], scanned)).toThrow("index 'narrow' does not hold x")
    expect(plan([e('title', '=', 't')], scanned).plan).toMatchObject({
      operation: 'Scan',
      indexName: 'narrow',
    })
  })
})

describe('the explanation', () => {
  test.each<[string, PlannedRead, string, string]>([
    ['one item', plan([e('pk', '=', 'a'), e('sk', '=', 1)]), 'GetItem on table Things', '1'],
    ['keys', plan([e('pk', '=', 'a'), e('sk', 'in', [1, 2])]), 'BatchGetItem on table Things', '1'],
    [
      'several queries',
      plan([e('status', 'in', ['a', 'b'])]),
      'Query on index byStatus of table Things, 2 queries',
      '2, and one more for each further megabyte read',
    ],
    [
      'parts',
      plan([], { allowScan: true, segments: 4 }),
      'Scan on table Things, in 4 parts',
      '4, and one more for each further megabyte read',
    ],
    ['nothing', plan([e('pk', 'in', [])]), 'none on table Things', '0'],
  ])('of %s says how many requests it takes', (_name, { explanation }, title, requests) => {
    const lines = String(explanation).split('\n')
    expect(lines[0]).toBe(title)
    expect(lines).toContain(`  requests: ${requests}`)
  })

  test('warns of what is checked late, of searches in collections, and of items that may be missing', () => {
    const warnings = (conditions: readonly Condition[]) => plan(conditions).explanation.warnings.join('\n')
    expect(warnings([e('pk', '=', 'a'), e('x', '=', 1)])).toContain(
      'conditions on x are checked after reading',
    )
    expect(warnings([e('pk', '=', 'a'), e('tags', 'contains', 'x')])).toContain("'contains' on tags")
    expect(warnings([e('status', '=', 'open')])).toContain('items without date are not in this index')
    expect(warnings([e('pk', '=', 'a')])).toBe('')
    expect(warnings([e('status', '=', 'open'), e('date', '>', '2026')])).toBe('')
  })
})
