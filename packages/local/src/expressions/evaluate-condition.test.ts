import { describe, expect, test } from 'vitest'
import type { AttributeValue, Item } from '../values/attribute-value.ts'
import { evaluateCondition } from './evaluate-condition.ts'
import { parseCondition } from './parse-condition.ts'
import { readPlaceholders } from './read-placeholders.ts'

const item: Item = {
  title: { S: 'sé\u{1F600}' },
  amount: { N: '1' },
  bytes: { B: 'AAECAw==' },
  flag: { BOOL: true },
  nil: { NULL: true },
  labels: { SS: ['a', 'b'] },
  amounts: { NS: ['1', '2'] },
  parts: { L: [{ S: 'a' }, { M: { x: { N: '1' } } }, { L: [] }] },
  details: { M: { x: { N: '1' }, y: { L: [{ N: '1' }, { N: '2' }] } } },
}

function holds(text: string, v?: AttributeValue, subject: Item | undefined = item): boolean {
  const placeholders = readPlaceholders(undefined, v && { ':v': v })
  return evaluateCondition(parseCondition('FilterExpression', text, placeholders), subject)
}

describe('comparison', () => {
  test.each<[string, AttributeValue, boolean]>([
    ['amount = :v', { N: '1.0' }, true],
    ['amount = :v', { S: '1' }, false],
    ['amount <> :v', { S: '1' }, true],
    ['amount < :v', { N: '10' }, true],
    ['amount < :v', { S: 'a' }, false],
    ['title >= :v', { S: 's' }, true],
    ['bytes < :v', { B: '/w==' }, true],
    ['amounts = :v', { NS: ['2', '1.0'] }, true],
    ['details.y = :v', { L: [{ N: '1' }, { N: '2.0' }] }, true],
    ['details.y = :v', { L: [{ N: '2' }, { N: '1' }] }, false],
    ['parts[1] = :v', { M: { x: { N: '1' } } }, true],
    ['flag = :v', { BOOL: false }, false],
    ['nil = :v', { NULL: true }, true],
    ['amount in (title, :v)', { N: '1' }, true],
  ])('%s', (text, value, expected) => {
    expect(holds(text, value)).toBe(expected)
  })

  test('what is missing equals nothing, differs from everything and is in no order', () => {
    expect(holds('nope = nada')).toBe(false)
    expect(holds('nope <> nada')).toBe(true)
    expect(holds('nope <> amount')).toBe(true)
    expect(holds('nope < amount')).toBe(false)
    expect(holds('nope in (nada, amount)')).toBe(false)
    expect(holds('amount between nope and parts')).toBe(false)
    expect(holds('not nope = amount')).toBe(true)
    expect(holds('parts[9].x = details.z')).toBe(false)
    expect(holds('title.x <> amount')).toBe(true)
  })

  test('without an item everything is missing', () => {
    const absent = (text: string): boolean =>
      evaluateCondition(
        parseCondition('ConditionExpression', text, readPlaceholders(undefined, undefined)),
        undefined,
      )
    expect(absent('attribute_not_exists(a)')).toBe(true)
    expect(absent('a <> b')).toBe(true)
    expect(absent('a = b')).toBe(false)
  })
})

describe('functions', () => {
  test.each<[string, AttributeValue | undefined, boolean]>([
    ['attribute_exists(details.y[1])', undefined, true],
    ['attribute_exists(details.y[2])', undefined, false],
    ['attribute_exists(details[0])', undefined, false],
    ['attribute_not_exists(parts.x)', undefined, true],
    ['attribute_type(nil, :v)', { S: 'NULL' }, true],
    ['attribute_type(nope, :v)', { S: 'NULL' }, false],
    ['attribute_type(labels, :v)', { S: 'SS' }, true],
    ['begins_with(title, :v)', { S: 'sé' }, true],
    ['begins_with(title, :v)', { S: '' }, true],
    ['begins_with(bytes, :v)', { B: 'AAE=' }, true],
    ['begins_with(bytes, :v)', { B: 'AQ==' }, false],
    ['begins_with(title, :v)', { B: 'AAE=' }, false],
    ['begins_with(:v, title)', { S: 'sé\u{1F600}!' }, true],
    ['contains(title, :v)', { S: 'é' }, true],
    ['contains(bytes, :v)', { B: 'AQI=' }, true],
    ['contains(labels, :v)', { S: 'a' }, true],
    ['contains(labels, :v)', { SS: ['a'] }, false],
    ['contains(amounts, :v)', { N: '1.0' }, true],
    ['contains(parts, :v)', { M: { x: { N: '1' } } }, true],
    ['contains(parts, :v)', { L: [] }, true],
    ['contains(details, :v)', { S: 'x' }, false],
    ['contains(amount, :v)', { N: '1' }, false],
    ['contains(:v, amount)', { NS: ['1'] }, true],
    ['size(title) = :v', { N: '4' }, true],
    ['size(bytes) = :v', { N: '4' }, true],
    ['size(labels) = :v', { N: '2' }, true],
    ['size(parts) = :v', { N: '3' }, true],
    ['size(details) = :v', { N: '2' }, true],
    ['size(amount) = :v', { N: '1' }, false],
    ['size(amount) <> :v', { N: '1' }, true],
    ['size(nope) <> :v', { N: '1' }, true],
    ['size(parts) > size(labels)', undefined, true],
  ])('%s %j: %s', (text, value, expected) => {
    expect(holds(text, value)).toBe(expected)
  })
})

test('attributes with names of Object.prototype are missing until the item has them', () => {
  const names = { '#p': '__proto__', '#c': 'constructor' }
  const node = parseCondition(
    'FilterExpression',
    'attribute_exists(#p) or attribute_exists(x.#c)',
    readPlaceholders(names, undefined),
  )
  expect(evaluateCondition(node, { x: { M: {} } })).toBe(false)
  expect(evaluateCondition(node, JSON.parse('{"__proto__":{"S":"a"}}') as Item)).toBe(true)
})
