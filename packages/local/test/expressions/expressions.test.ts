import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyUpdate } from '../../src/expressions/apply-update.ts'
import { evaluateCondition } from '../../src/expressions/evaluate-condition.ts'
import { parseCondition } from '../../src/expressions/parse-condition.ts'
import { parseProjection } from '../../src/expressions/parse-projection.ts'
import { parseUpdate } from '../../src/expressions/parse-update.ts'
import { Placeholders } from '../../src/expressions/placeholders.ts'
import { readExpressions } from '../../src/expressions/read-expressions.ts'
import { ServiceError } from '../../src/protocol/service-error.ts'
import type { AttributeValue } from '../../src/values/attribute-value.ts'
import { propertyRuns } from '../property-runs.ts'
import { canonical, naiveCondition } from './naive-condition.ts'
import { naiveUpdate, type Refusal } from './naive-update.ts'
import { choices, condition, item, update, Writer, type Written } from './random-expressions.ts'

const placeholders = (written: Written) => ({
  ...(Object.keys(written.names).length > 0 && { ExpressionAttributeNames: written.names }),
  ...(Object.keys(written.values).length > 0 && { ExpressionAttributeValues: written.values }),
})

describe('random expressions mean what a naive reading of their trees means', () => {
  test('conditions', () => {
    const outcomes = { true: 0, false: 0 }
    fc.assert(
      fc.property(
        condition,
        fc.array(item, { minLength: 1, maxLength: 5 }),
        choices,
        (tree, items, picks) => {
          const written = new Writer(picks).condition(tree)
          const { filter } = readExpressions({ FilterExpression: written.text, ...placeholders(written) })
          for (const subject of items) {
            const expected = naiveCondition(tree, subject)
            outcomes[String(expected) as 'true' | 'false'] += 1
            expect(evaluateCondition(filter!, subject)).toBe(expected)
          }
        },
      ),
      propertyRuns(3000),
    )
    expect(Math.min(outcomes.true, outcomes.false)).toBeGreaterThan(1000)
  })

  test('updates', () => {
    const refusals: Readonly<Record<string, Refusal>> = {
      'The provided expression refers to an attribute that does not exist in the item': 'no attribute',
      'An operand in the update expression has an incorrect data type': 'wrong type',
      'The document path provided in the update expression is invalid for update': 'no place',
      'Attempting to store more than 38 significant digits in a Number': 'too long' as Refusal,
    }
    let applied = 0
    fc.assert(
      fc.property(update, item, choices, (actions, subject, picks) => {
        const written = new Writer(picks).update(actions)
        const node = readExpressions({ UpdateExpression: written.text, ...placeholders(written) }).update!
        const before = JSON.stringify(subject)
        const expected = naiveUpdate(actions, subject)
        if (expected instanceof Set) {
          const message = refusal(() => applyUpdate(node, subject))
          expect([...expected]).toContain(refusals[message])
        } else {
          applied += 1
          expect(canonical({ M: applyUpdate(node, subject) })).toBe(canonical({ M: expected as never }))
        }
        expect(JSON.stringify(subject)).toBe(before)
      }),
      propertyRuns(5000),
    )
    expect(applied).toBeGreaterThan(1000)
  })
})

function refusal(run: () => unknown): string {
  try {
    run()
    return 'none'
  } catch (error) {
    expect(error).toBeInstanceOf(ServiceError)
    return (error as Error).message
  }
}

describe('whatever the text, the answer is a result or a ServiceError', () => {
  const values = new Map<string, AttributeValue>([
    [':s', { S: 's' }],
    [':n', { N: '1' }],
    [':l', { L: [] }],
    [':ss', { SS: ['a'] }],
  ])
  const parsers = {
    condition: (text: string) =>
      parseCondition('ConditionExpression', text, new Placeholders(new Map([['#a', 'a']]), values)),
    update: (text: string) => parseUpdate(text, new Placeholders(new Map([['#a', 'a']]), values)),
    projection: (text: string) => parseProjection(text, new Placeholders(new Map([['#a', 'a']]), values)),
  }

  const words = fc.constantFrom(
    ...'( ( ) ) , . [ ] 0 1 99999999999 a b #a #b :s :n :l :ss :u = <> < <= > >= + - AND OR NOT IN BETWEEN SET REMOVE ADD DELETE size contains begins_with attribute_exists attribute_type if_not_exists list_append unknown status ! é'.split(
      ' ',
    ),
    '\u{1F600}',
    '\n',
    '"',
    '\\',
  )

  test.each(Object.entries(parsers))('%s', (_, parse) => {
    const text = fc.oneof(
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
      { weight: 4, arbitrary: fc.array(words, { maxLength: 40 }).map((tokens) => tokens.join(' ')) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(words, fc.integer({ min: 1, max: 5000 }))
          .map(([word, times]) => word.repeat(times)),
      },
    )
    fc.assert(
      fc.property(text, fc.constantFrom('', 'SET ', 'REMOVE ', 'a = '), (rest, start) => {
        try {
          parse(start + rest)
        } catch (error) {
          expect(error).toBeInstanceOf(ServiceError)
          expect((error as ServiceError).name).toBe('ValidationException')
        }
      }),
      propertyRuns(5000),
    )
  })
})
