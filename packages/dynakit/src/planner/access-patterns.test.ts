import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createAdapter } from '../adapter/adapter.ts'
import { DefinitionError, ScanNotAllowedError } from '../errors/request-errors.ts'
import type { Condition } from '../expressions/condition.ts'
import type { Operator } from '../expressions/field-types.ts'
import { propertyRuns } from '../../test/property-runs.ts'
import { conditionBuilder as e } from '../query-builder/condition-builder.ts'
import { epochSeconds, isoDate } from '../schema/attribute-codec.ts'
import type { CompiledEntity } from '../schema/compiled-entity.ts'
import { defineEntity, type Entity } from '../schema/entity.ts'
import type { StandardSchema } from '../schema/standard-schema.ts'
import { defineTable, type IndexOptions, type Table } from '../schema/table.ts'
import {
  type AccessPattern,
  type AccessPatterns,
  accessPatternsOf,
  tableAccessPatterns,
} from './access-patterns.ts'
import { encodeConditions } from './encode-conditions.ts'
import type { Explanation } from './explanation.ts'
import { planRead } from './plan-read.ts'
import type { PlannedRead } from './plan-request.ts'

const s = (name: string) => ({ name, type: 'string' }) as const
const n = (name: string) => ({ name, type: 'number' }) as const

const Shop = defineTable({
  name: 'Shop',
  partitionKey: s('pk'),
  sortKey: s('sk'),
  indexes: {
    byStatus: { type: 'global', partitionKey: s('status'), sortKey: [s('placedAt'), n('total')] },
    gsi1: { type: 'global', partitionKey: s('gsi1pk'), sortKey: s('gsi1sk'), projection: ['total'] },
    byNote: { type: 'local', sortKey: s('note'), projection: 'keys-only' },
    narrow: { type: 'global', partitionKey: s('status'), projection: ['_entity', 'total'] },
    other: { type: 'global', partitionKey: s('missing') },
  },
})
const Order = defineEntity({
  name: 'Order',
  table: Shop,
  attributes: {
    customer: z.string(),
    order: z.string(),
    status: z.string(),
    total: z.number(),
    placedAt: isoDate(),
    note: z.string().optional(),
  },
  key: { partitionKey: 'C#{customer}', sortKey: 'O#{status}#{order}' },
  indexes: { gsi1: { partitionKey: 'ALL', sortKey: '{total:8}#{order}' } },
})

describe('the catalogue', () => {
  test('prints as text', () => {
    expect(String(accessPatternsOf([Order['~compiled']]))).toBe(
      `
Order in table Shop
  the table's key: pk 'C#{customer}', sorted by sk 'O#{status}#{order}'
    needs: customer (= in)
    then, from the left: status (= in begins_with), order (= in begins_with < <= > >= between)
    one item: by customer, status, order
    order: status, order
    attributes: all
    consistency: strong or eventual
    example: db.repository(Order).get({ customer, status, order })
    example: db.query(Order).where('customer', '=', customer).where('status', '=', status)
  global index byStatus: status, sorted by placedAt + total
    needs: status (= in)
    then, from the left: placedAt (= in < <= > >= between), total (= in < <= > >= between)
    order: placedAt, total
    attributes: all
    consistency: eventual
    example: db.query(Order).where('status', '=', status).where('placedAt', '>=', placedAt)
  global index gsi1: gsi1pk 'ALL', sorted by gsi1sk '{total:8}#{order}'
    needs: nothing: all items have the same partition key, hot when there are many
    then, from the left: total (= in), order (= in begins_with < <= > >= between)
    order: total, order
    attributes: without customer, order, status, placedAt, note, _entity: .completeItems() reads them from the table
    consistency: eventual
    example: db.query(Order).where('total', '=', total).completeItems()
  local index byNote: pk 'C#{customer}', sorted by note
    needs: customer (= in)
    then, from the left: note (= in begins_with < <= > >= between)
    order: note
    does not hold items without: note
    attributes: without customer, order, status, total, placedAt, _entity: DynamoDB reads them from the table
    consistency: strong or eventual
    example: db.query(Order).where('customer', '=', customer).where('note', '>=', note)
  global index narrow: status
    needs: status (= in)
    attributes: without customer, order, placedAt, note: .completeItems() reads them from the table
    consistency: eventual
    example: db.query(Order).where('status', '=', status).index('narrow').select('status', 'total')
  not in index other: Order has no attribute or template for 'missing'
`.trim(),
    )
  })

  test('is plain data', () => {
    const catalogue = accessPatternsOf([Order['~compiled']])
    const data = JSON.parse(JSON.stringify(catalogue)) as typeof catalogue
    expect(data).toEqual({ entities: catalogue.entities })
    const [order] = data.entities
    expect(order).toMatchObject({ entity: 'Order', tableName: 'Shop' })
    expect(order?.patterns[3]).toEqual({
      indexName: 'byNote',
      type: 'local',
      partitionKey: [{ attribute: 'pk', type: 'string', template: 'C#{customer}' }],
      sortKey: [{ attribute: 'note', type: 'string' }],
      partitionFields: [{ field: 'customer', operators: ['=', 'in'] }],
      sortFields: [{ field: 'note', operators: ['=', 'in', 'begins_with', '<', '<=', '>', '>=', 'between'] }],
      order: ['note'],
      sparseFields: ['note'],
      projection: 'keys-only',
      missing: ['customer', 'order', 'status', 'total', 'placedAt', '_entity'],
      consistentRead: true,
      examples: ["db.query(Order).where('customer', '=', customer).where('note', '>=', note)"],
    })
    expect(order?.absentIndexes).toEqual([
      { indexName: 'other', reason: "Order has no attribute or template for 'missing'" },
    ])
  })

  test('lists a table whose items are not declared', () => {
    const Plain = defineTable({
      name: 'Plain',
      partitionKey: s('id'),
      sortKey: n('at'),
      indexes: { byKind: { type: 'global', partitionKey: s("kind's"), projection: ['note.text'] } },
    })
    expect(String(tableAccessPatterns(Plain))).toBe(
      `
table Plain
  the table's key: id, sorted by at
    needs: id (= in)
    then, from the left: at (= in < <= > >= between)
    one item: by id, at
    order: at
    attributes: all
    consistency: strong or eventual
    example: db.table('Plain').get({ id, at })
    example: db.table('Plain').query().where('id', '=', id).where('at', '>=', at)
  global index byKind: kind's
    needs: kind's (= in)
    attributes: keys, note.text only
    consistency: eventual
    example: db.table('Plain').query().where('kind\\'s', '=', kindS).select('kind\\'s', 'id', 'at', 'note\\\\.text')
`.trim(),
    )
  })

  test('an entity of which there is one item', () => {
    const Settings = defineEntity({
      name: 'Settings',
      table: Shop,
      attributes: { theme: z.string() },
      key: { partitionKey: 'SETTINGS', sortKey: 'SETTINGS' },
    })
    expect(String(accessPatternsOf([Settings['~compiled']]))).toContain(
      `    one item: there is only one\n    attributes: all\n    consistency: strong or eventual\n    example: db.repository(Settings).get({})`,
    )
  })
})

describe('an adapter lists', () => {
  const Other = defineEntity({
    name: 'Other',
    table: defineTable({ name: 'Others', partitionKey: s('id') }),
    attributes: { id: z.string() },
  })
  const listed = (catalogue: AccessPatterns) => catalogue.entities.map(({ entity }) => entity)

  test('the entities named, else its own, else those of its table', () => {
    const both = createAdapter({ table: Other.table, entities: [Order, Other] })
    expect(listed(both.accessPatterns(Other))).toEqual(['Other'])
    expect(listed(both.accessPatterns())).toEqual(['Order', 'Other'])
    expect(listed(createAdapter({ table: Shop }).accessPatterns())).toContain('Order')
  })

  test('its table, when no entities are defined on it', () => {
    const table = defineTable({ name: 'Bare', partitionKey: s('id') })
    expect(createAdapter({ table }).accessPatterns().entities).toMatchObject([
      { tableName: 'Bare', patterns: [{ identifiedBy: ['id'] }] },
    ])
  })

  test('nothing when it knows of nothing', () => {
    expect(() => createAdapter({ tableName: 'Bare' }).accessPatterns()).toThrow(
      'accessPatterns: there is nothing to list. Name the entities, or pass entities or a declared table to createAdapter.',
    )
  })
})

/* ---- a model: what the catalogue says of random entities is what the planner does with them ---- */

/** Attributes of the random entities: name, schema, and a value of theirs. */
const fields: Readonly<
  Record<string, { schema: StandardSchema; type: 'string' | 'number'; value: unknown }>
> = {
  tenant: { schema: z.string(), type: 'string', value: 'a' },
  class: { schema: z.string(), type: 'string', value: 'b' },
  'order-id': { schema: z.string().optional(), type: 'string', value: 'c' },
  "it's": { schema: z.string().optional(), type: 'string', value: 'd' },
  at: { schema: isoDate(), type: 'string', value: new Date(0) },
  until: { schema: epochSeconds().optional(), type: 'number', value: new Date(0) },
  count: { schema: z.number(), type: 'number', value: 1 },
  big: { schema: z.bigint().optional(), type: 'number', value: 2n },
}
const names = Object.keys(fields)
const required = names.filter((name) => ['tenant', 'class', 'at', 'count'].includes(name))

/** How one key attribute is made: by a template, or being an attribute of the entity. */
type Part = { readonly template: string } | { readonly field: string }

const template = (from: readonly string[]) =>
  fc
    .record({
      literal: fc.constantFrom('', 'X', 'Y#'),
      pieces: fc.array(fc.record({ field: fc.constantFrom(...from), isPadded: fc.boolean() }), {
        maxLength: 3,
      }),
      end: fc.constantFrom('', '#END'),
    })
    .map(({ literal, pieces, end }) => {
      const written = pieces.map(({ field, isPadded }) =>
        isPadded && fields[field]?.type === 'number' ? `{${field}:12}` : `{${field}}`,
      )
      const text = [...(literal === '' ? [] : [literal]), ...written].join('#') + end
      // A copy of a bigint in a string key: no schema tells, and no such item can be written.
      return { template: text === '' ? 'ALL' : text === '{big}' ? 'B#{big}' : text }
    })
const part = fc.oneof(template(names), fc.record({ field: fc.constantFrom(...names) }))

interface Shape {
  readonly softDelete: boolean
  readonly excludeExpired: boolean
  readonly key: readonly [Part, Part | undefined]
  readonly indexes: readonly {
    readonly isLocal: boolean
    readonly partition: readonly Part[]
    readonly sort: readonly Part[]
    readonly projection: 'all' | 'keys-only' | readonly string[]
  }[]
}

const shape: fc.Arbitrary<Shape> = fc.record({
  softDelete: fc.boolean(),
  excludeExpired: fc.boolean(),
  key: fc.tuple(template(required), fc.option(template(required), { nil: undefined })),
  indexes: fc.array(
    fc.record({
      isLocal: fc.boolean(),
      partition: fc.array(part, { minLength: 1, maxLength: 3 }),
      sort: fc.array(part, { maxLength: 3 }),
      projection: fc.oneof(
        fc.constantFrom('all' as const, 'keys-only' as const),
        fc.uniqueArray(fc.constantFrom(...names, '_entity'), { minLength: 1 }),
      ),
    }),
    { maxLength: 5 },
  ),
})

/** A key attribute of its own for a template, the entity's attribute otherwise. */
function keyOf(one: Part, name: string) {
  if ('template' in one) return s(name)
  return { name: one.field, type: fields[one.field]?.type ?? 'string' }
}

function build({ key: [partition, sort], indexes, softDelete, excludeExpired }: Shape): Entity {
  const keys = (parts: readonly Part[], at: number, of: string) =>
    parts.map((one, position) => keyOf(one, `i${String(at)}${of}${String(position)}`))
  const templatesOf = (parts: readonly Part[]) =>
    parts.map((one) => ('template' in one ? one.template : `{${one.field}}`))
  const isTemplated = (parts: readonly Part[]) => parts.every((one) => 'template' in one)
  const declared = indexes.map((index, at): readonly [string, IndexOptions, object | undefined] => {
    const name = `index${String(at)}`
    const { projection } = index
    const [first] = index.sort
    if (index.isLocal && sort && first) {
      const sortKey = keys([first], at, 's')[0] ?? s('never')
      return [
        name,
        { type: 'local', sortKey, projection },
        'template' in first ? { sortKey: first.template } : undefined,
      ]
    }
    const options = {
      type: 'global',
      partitionKey: keys(index.partition, at, 'p'),
      sortKey: keys(index.sort, at, 's'),
      projection,
    } as const
    const templates = {
      ...(isTemplated(index.partition) && { partitionKey: templatesOf(index.partition) }),
      ...(isTemplated(index.sort) && index.sort.length > 0 && { sortKey: templatesOf(index.sort) }),
    }
    return [name, options, Object.keys(templates).length > 0 ? templates : undefined]
  })
  const table: Table = defineTable({
    name: 'Random',
    partitionKey: s('pk'),
    ...(sort && { sortKey: s('sk') }),
    indexes: Object.fromEntries(declared.map(([name, options]) => [name, options])),
    timeToLive: 'until',
  })
  const options = {
    name: 'Thing',
    table,
    softDelete,
    excludeExpired,
    attributes: Object.fromEntries(Object.entries(fields).map(([name, { schema }]) => [name, schema])),
    key: {
      partitionKey: (partition as { template: string }).template,
      ...(sort && { sortKey: (sort as { template: string }).template }),
    },
    indexes: Object.fromEntries(declared.flatMap(([name, , own]) => (own ? [[name, own]] : []))),
  }
  return defineEntity(options as never)
}

const value = (field: string): unknown => fields[field]?.value
function condition(field: string, operator: Operator): Condition {
  if (operator === 'in') return e(field, 'in', [value(field)] as never)
  if (operator === 'between') return e(field, 'between', [value(field), value(field)] as never)
  return e(field, operator, value(field) as never)
}

/** Plans with this key or index only. */
function planWith(
  entity: CompiledEntity,
  pattern: AccessPattern,
  conditions: readonly Condition[],
): PlannedRead {
  const { indexName } = pattern
  return planRead({
    table: entity.table,
    // The table's key cannot be asked for by name.
    entities: [indexName === undefined ? { ...entity, keys: entity.keys.slice(0, 1) } : entity],
    conditions: encodeConditions(conditions, [entity]),
    select: undefined,
    ascending: true,
    orderBy: undefined,
    consistentRead: false,
    indexName,
    allowScan: false,
    completeItems: true,
  })
}

/** What the plan asks of the key. */
const keyCondition = ({ explanation }: PlannedRead): string => explanation.keyCondition.join(' and ')

function keyConditionOrScan(
  entity: CompiledEntity,
  pattern: AccessPattern,
  conditions: readonly Condition[],
): string {
  try {
    return keyCondition(planWith(entity, pattern, conditions))
  } catch (error) {
    if (ScanNotAllowedError.is(error)) return 'scan'
    throw error
  }
}

const allOperators: readonly Operator[] = ['=', 'in', 'begins_with', '<', '<=', '>', '>=', 'between']

function checkPattern(entity: CompiledEntity, pattern: AccessPattern): void {
  const { partitionFields, sortFields } = pattern
  const fixed = partitionFields.map(({ field }) => condition(field, '='))
  let base = planWith(entity, pattern, fixed)
  expect(base.source.indexName).toBe(pattern.indexName)
  for (const { field, operators } of partitionFields) {
    expect(operators).toEqual(['=', 'in'])
    const others = fixed.filter((given) => given.type === 'field' && given.path.segments[0] !== field)
    expect(() => planWith(entity, pattern, others)).toThrow(ScanNotAllowedError)
    expect(planWith(entity, pattern, [...others, condition(field, 'in')]).source.indexName).toBe(
      pattern.indexName,
    )
  }
  for (const { field, operators } of sortFields) {
    for (const operator of allOperators) {
      const given = [...fixed, condition(field, operator)]
      if (operators.includes(operator)) {
        const planned = planWith(entity, pattern, given)
        expect(planned.source.indexName).toBe(pattern.indexName)
        expect(keyCondition(planned)).not.toBe(keyCondition(base))
        // A prefix of what a codec stores is not what the application has in mind.
      } else if (operator !== 'begins_with') {
        expect(keyConditionOrScan(entity, pattern, given)).toBeOneOf([keyCondition(base), 'scan'])
      }
    }
    fixed.push(condition(field, '='))
    base = planWith(entity, pattern, fixed)
  }
  if (pattern.identifiedBy) expect(base.plan.operation).toBe('GetItem')
  else expect(base.plan.operation).toBe('Query')
}

const db = createAdapter({ endpoint: 'http://127.0.0.1:1', region: 'eu-west-1' })

/** Runs a line of the catalogue, each variable holding a value of its field. */
function runExample(code: string, entity: Entity, pattern: AccessPattern): void {
  const variables = new Map<string, unknown>([['Thing', entity]])
  for (const field of names) variables.set(field, value(field))
  for (const [variable, field] of [
    ['_class', 'class'],
    ['orderId', 'order-id'],
    ['itS', "it's"],
  ] as const) {
    variables.set(variable, value(field))
    variables.delete(field)
  }
  const getter = { query: db.query.bind(db), repository: () => ({ get: (key: object) => key }) }
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the catalogue's lines are code
  const run = new Function('db', ...variables.keys(), `return ${code}`) as (...given: unknown[]) => unknown
  const result = run(getter, ...variables.values())
  if (code.includes('.get(')) {
    expect(result).toEqual(
      Object.fromEntries((pattern.identifiedBy ?? []).map((field) => [field, value(field)])),
    )
    return
  }
  const explained = (result as { explain(): Explanation }).explain()
  expect(explained).toMatchObject({ indexName: pattern.indexName })
  expect(explained).not.toMatchObject({ operation: 'Scan' })
}

test(
  'the planner uses each key and index as the catalogue says, and its examples run',
  { timeout: 300_000 },
  () => {
    const seen = { entities: 0, patterns: 0, examples: 0 }
    fc.assert(
      fc.property(shape, (given) => {
        let entity: Entity
        try {
          entity = build(given)
        } catch (error) {
          // Such as one attribute twice in a key.
          if (DefinitionError.is(error)) return
          throw error
        }
        const compiled = entity['~compiled']
        const [{ patterns, absentIndexes }] = accessPatternsOf([compiled]).entities as never as [
          ReturnType<typeof accessPatternsOf>['entities'][number],
        ]
        seen.entities += 1
        expect(patterns.length + absentIndexes.length).toBe(1 + compiled.table.indexes.length)
        for (const pattern of patterns) {
          seen.patterns += 1
          checkPattern(compiled, pattern)
          for (const example of pattern.examples) {
            // The table's key cannot be asked for: another one may suit the example better.
            if (pattern.type === 'table' && !example.includes('.get(')) continue
            seen.examples += 1
            runExample(example, entity, pattern)
          }
        }
      }),
      propertyRuns(400),
    )
    expect(seen.entities).toBeGreaterThan(150)
    expect(seen.patterns).toBeGreaterThan(seen.entities)
  },
)
