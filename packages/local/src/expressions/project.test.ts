import { expect, test } from 'vitest'
import type { Item } from '../values/attribute-value.ts'
import { parseProjection } from './parse-projection.ts'
import { project } from './project.ts'
import { readPlaceholders } from './read-placeholders.ts'

const item: Item = {
  title: { S: 't' },
  parts: { L: [{ S: 'a' }, { M: { x: { N: '1' } } }, { L: [] }] },
  details: { M: { x: { N: '1' }, e: { M: {} }, y: { L: [{ N: '1' }, { N: '2' }] } } },
}

test.each<[string, Item]>([
  ['title, nope', { title: { S: 't' } }],
  ['parts[1].x, parts[0]', { parts: { L: [{ S: 'a' }, { M: { x: { N: '1' } } }] } }],
  ['parts[2]', { parts: { L: [{ L: [] }] } }],
  ['parts[9], parts[1].nope, parts[2][0]', {}],
  ['parts[1].nope, parts[0]', { parts: { L: [{ S: 'a' }] } }],
  ['details.e', { details: { M: { e: { M: {} } } } }],
  ['details.nope, details.e.x, details.y[5], title.x', {}],
  ['details.y[1], details.x', { details: { M: { x: { N: '1' }, y: { L: [{ N: '2' }] } } } }],
])('%s', (text, expected) => {
  expect(project(parseProjection(text, readPlaceholders(undefined, undefined)), item)).toEqual(expected)
})
