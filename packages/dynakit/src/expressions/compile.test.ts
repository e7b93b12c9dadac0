import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { conditionBuilder as e } from '../query-builder/condition-builder.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { compileExpressions } from './compile.ts'
import { allOf, attributesOf, type Condition, fieldCondition, mapFields } from './condition.ts'
import { describeCondition } from './describe.ts'
import { parsePath } from './path.ts'
import { noActions } from './update-actions.ts'

const is = fieldCondition

describe('conditions', () => {
  test.each<[string, unknown, string]>([
    ['=', 1, '#n0 = :v0'],
    ['<>', 1, '#n0 <> :v0'],
    ['<', 1, '#n0 < :v0'],
    ['<=', 1, '#n0 <= :v0'],
    ['>', 1, '#n0 > :v0'],
    ['>=', 1, '#n0 >= :v0'],
    ['between', [1, 2], '#n0 BETWEEN :v0 AND :v1'],
    ['in', [1, 2, 3], '#n0 IN (:v0, :v1, :v2)'],
    ['begins_with', 'x', 'begins_with(#n0, :v0)'],
    ['contains', 'x', 'contains(#n0, :v0)'],
    ['not_contains', 'x', 'NOT contains(#n0, :v0)'],
    ['exists', undefined, 'attribute_exists(#n0)'],
    ['not_exists', undefined, 'attribute_not_exists(#n0)'],
    ['attribute_type', 'S', 'attribute_type(#n0, :v0)'],
  ])('%s', (operator, operand, expected) => {
    expect(compileExpressions({ filter: is('a', operator, operand) }).FilterExpression).toBe(expected)
  })

  test('groups are nested in brackets', () => {
    const filter = e.or([
      e('a', '=', 1),
      e.and([e('b', '=', 2), e.not(e('c', 'exists'))]),
      e.or([e('d', '=', 3), e('e', '=', 4)]),
    ])
    expect(compileExpressions({ filter })).toEqual({
      FilterExpression:
        '#n0 = :v0 OR (#n1 = :v1 AND (NOT (attribute_exists(#n2)))) OR (#n3 = :v2 OR #n4 = :v3)',
      ExpressionAttributeNames: { '#n0': 'a', '#n1': 'b', '#n2': 'c', '#n3': 'd', '#n4': 'e' },
      ExpressionAttributeValues: { ':v0': 1, ':v1': 2, ':v2': 3, ':v3': 4 },
    })
  })

  test('paths, sizes and other attributes', () => {
    const filter = allOf([
      is('lines[0].sku', '=', 'x'),
      is('size(labels)', '>', 2),
      e('a', '<', e.attribute('lines[1].max')),
    ])
    expect(compileExpressions({ filter })).toMatchObject({
      FilterExpression: '#n0[0].#n1 = :v0 AND size(#n2) > :v1 AND #n3 < #n0[1].#n4',
      ExpressionAttributeNames: { '#n0': 'lines', '#n1': 'sku', '#n2': 'labels', '#n3': 'a', '#n4': 'max' },
    })
  })

  test('expressions of one request share names and values', () => {
    const compiled = compileExpressions({
      keyCondition: is('pk', '=', 'k'),
      filter: is('status', '=', 's'),
      projection: ['pk', 'status', 'other'].map(parsePath),
    })
    expect(compiled).toEqual({
      KeyConditionExpression: '#n0 = :v0',
      FilterExpression: '#n1 = :v1',
      ProjectionExpression: '#n0, #n1, #n2',
      ExpressionAttributeNames: { '#n0': 'pk', '#n1': 'status', '#n2': 'other' },
      ExpressionAttributeValues: { ':v0': 'k', ':v1': 's' },
    })
  })

  test('nothing to compile gives nothing', () => {
    expect(compileExpressions({})).toEqual({})
  })
})

describe('equal shapes share one compiled text', () => {
  const names = (filter: ReturnType<typeof is>) => compileExpressions({ filter }).ExpressionAttributeNames

  test('when only values differ', () => {
    expect(names(is('shape', '=', 1))).toBe(names(is('shape', '=', 'two')))
    expect(compileExpressions({ filter: is('shape', '=', 'two') }).ExpressionAttributeValues).toEqual({
      ':v0': 'two',
    })
  })

  test('and no other', () => {
    expect(compileExpressions({ filter: is('shape', '<', 1) }).FilterExpression).toBe('#n0 < :v0')
    expect(compileExpressions({ condition: is('shape', '=', 1) })).toHaveProperty('ConditionExpression')
    expect(compileExpressions({ filter: is('in', 'in', [1]) }).FilterExpression).toBe('#n0 IN (:v0)')
    expect(compileExpressions({ filter: is('in', 'in', [1, 2]) }).FilterExpression).toBe('#n0 IN (:v0, :v1)')
    expect(compileExpressions({ filter: e('a', '=', e.attribute('b')) })).not.toHaveProperty(
      'ExpressionAttributeValues',
    )
    const a = compileExpressions({ filter: e.or([e.and([e('a', '=', 1), e('b', '=', 1)]), e('c', '=', 1)]) })
    const b = compileExpressions({ filter: e.or([e('a', '=', 1), e.and([e('b', '=', 1), e('c', '=', 1)])]) })
    expect(a.FilterExpression).not.toBe(b.FilterExpression)
  })

  test('whatever was compiled before', () => {
    const name = fc.constantFrom(
      'a',
      'b',
      'and',
      'or',
      '=',
      ':',
      '@',
      ')',
      '!',
      'C',
      'F',
      'P',
      'a:',
      'exists',
    )
    const leaf = fc.oneof(
      fc.tuple(name, fc.constantFrom('=', '<'), fc.nat(9)).map(([field, operator, value]) => ({
        tree: is(field, operator, value),
        text: `${field} ${operator} ${String(value)}`,
      })),
      fc.tuple(name, fc.array(fc.nat(9), { minLength: 1, maxLength: 3 })).map(([field, values]) => ({
        tree: is(field, 'in', values),
        text: `${field} IN (${values.join(', ')})`,
      })),
      fc.tuple(name, name).map(([field, other]) => ({
        tree: is(field, '=', e.attribute(other)),
        text: `${field} = ${other}`,
      })),
      name.map((field) => ({ tree: is(field, 'exists', undefined), text: `attribute_exists(${field})` })),
    )
    const { any } = fc.letrec<{ any: { tree: Condition; text: string } }>((tie) => ({
      any: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        tie('any').map(({ tree, text }) => ({ tree: e.not(tree), text: `NOT (${text})` })),
        fc
          .tuple(
            fc.constantFrom('and' as const, 'or' as const),
            fc.array(tie('any'), { minLength: 2, maxLength: 3 }),
          )
          .map(([type, members]) => ({
            tree: { type, conditions: members.map(({ tree }) => tree) },
            text: members
              .map(({ tree, text }) => (tree.type === 'field' ? text : `(${text})`))
              .join(type === 'and' ? ' AND ' : ' OR '),
          })),
      ),
    }))
    fc.assert(
      fc.property(fc.option(any), fc.option(any), fc.option(any), (keyCondition, filter, condition) => {
        const compiled = compileExpressions({
          keyCondition: keyCondition?.tree,
          filter: filter?.tree,
          condition: condition?.tree,
        })
        const inPlace = (text: string | undefined) =>
          text?.replace(/#n\d+|:v\d+/g, (placeholder) =>
            String(
              compiled.ExpressionAttributeNames?.[placeholder] ??
                (compiled.ExpressionAttributeValues?.[placeholder] as number),
            ),
          )
        expect(inPlace(compiled.KeyConditionExpression)).toBe(keyCondition?.text)
        expect(inPlace(compiled.FilterExpression)).toBe(filter?.text)
        expect(inPlace(compiled.ConditionExpression)).toBe(condition?.text)
      }),
      { numRuns: 3000 },
    )
  })

  test('old shapes make room for new ones', () => {
    const before = names(is('first', '=', 1))
    for (let at = 0; at < 6000; at++) compileExpressions({ filter: is(`filler${String(at)}`, '=', 1) })
    expect(names(is('first', '=', 1))).toEqual(before)
    expect(names(is('first', '=', 1))).not.toBe(before)
  })
})

test('updates', () => {
  const path = parsePath
  const compiled = compileExpressions({
    update: {
      set: [
        { path: path('a'), kind: 'value', value: 1 },
        { path: path('b'), kind: 'if-not-exists', value: 2 },
        { path: path('c'), kind: 'append', value: [3] },
        { path: path('d.e'), kind: 'prepend', value: [4] },
      ],
      remove: [path('f'), path('g[0]')],
      add: [{ path: path('h'), value: 5 }],
      delete: [{ path: path('i'), value: new Set(['x']) }],
    },
    condition: is('a', '=', 9),
  })
  expect(compiled).toEqual({
    ConditionExpression: '#n0 = :v0',
    UpdateExpression:
      'SET #n0 = :v1, #n1 = if_not_exists(#n1, :v2), #n2 = list_append(if_not_exists(#n2, :v4), :v3), ' +
      '#n3.#n4 = list_append(:v5, if_not_exists(#n3.#n4, :v6)) REMOVE #n5, #n6[0] ADD #n7 :v7 DELETE #n8 :v8',
    ExpressionAttributeNames: {
      '#n0': 'a',
      '#n1': 'b',
      '#n2': 'c',
      '#n3': 'd',
      '#n4': 'e',
      '#n5': 'f',
      '#n6': 'g',
      '#n7': 'h',
      '#n8': 'i',
    },
    ExpressionAttributeValues: {
      ':v0': 9,
      ':v1': 1,
      ':v2': 2,
      ':v3': [3],
      ':v4': [],
      ':v5': [4],
      ':v6': [],
      ':v7': 5,
      ':v8': new Set(['x']),
    },
  })
  expect(compileExpressions({ update: { ...noActions, remove: [path('a')] } }).UpdateExpression).toBe(
    'REMOVE #n0',
  )
})

describe('fieldCondition', () => {
  test.each<[string, string, unknown, string]>([
    ['a', 'like', 1, 'operator'],
    ['a', 'toString', 1, 'operator'],
    ['a', '=', undefined, 'operand'],
    ['a', 'between', 5, 'operand'],
    ['a', 'between', [1], 'operand'],
    ['a', 'in', 'x', 'operand'],
    ['a', 'in', Array.from({ length: 101 }, (_, at) => at), 'in-count'],
    ['a', 'in', [1, undefined], 'operand'],
  ])('refuses %s %s %o', (field, operator, operand, rule) => {
    try {
      is(field, operator, operand)
      expect.unreachable()
    } catch (error) {
      expect(ValidationError.is(error) && error.rule).toBe(rule)
    }
  })

  test('takes a Set for in, and no values at all', () => {
    expect(is('a', 'in', new Set([1, 2])).operands).toHaveLength(2)
    expect(is('a', 'in', []).operands).toEqual([])
  })
})

test('groups', () => {
  expect(() => e.or([])).toThrow('at least one')
  expect(e.or([e('a', '=', 1)])).toMatchObject({ type: 'field' })
  expect(allOf([])).toBeUndefined()
  expect(allOf([e.and([e('a', '=', 1), e.and([e('b', '=', 1), e('c', '=', 1)])])])).toMatchObject({
    conditions: { length: 3 },
  })
  const tree = e.not(e.or([e('a.b', '=', 1), e('c', '<', e.attribute('d.e'))]))
  expect([...attributesOf(tree)]).toEqual(['a', 'c', 'd'])
  expect(Object.isFrozen(tree)).toBe(true)
  const upper = mapFields(tree, (field) => ({ ...field, operator: '<>' }))
  expect(describeCondition(upper)).toBe('not (a.b <> ? or c <> d.e)')
})

test('descriptions show no values', () => {
  const text = describeCondition(
    e.and([
      e('a', 'between', ['hunter2', 'z']),
      e('b', 'in', ['hunter2', 'y']),
      e('c', 'exists'),
      e.or([e('d', '=', 'hunter2'), e.and([e('e', '=', 1), e('f', '=', 1)])]),
    ]),
  )
  expect(text).toBe('a between ? and ? and b in (?, ?) and c exists and (d = ? or (e = ? and f = ?))')
})
