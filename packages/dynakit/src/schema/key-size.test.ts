import { describe, expect, test } from 'vitest'
import * as v from 'valibot'
import { ValidationError } from '../errors/request-errors.ts'
import type { AppItem } from './compiled-entity.ts'
import { defineEntity } from './entity.ts'
import { toStored } from './entity-item.ts'
import { defineTable } from './table.ts'

const Matches = defineTable({
  name: 'Matches',
  partitionKey: { name: 'id', type: 'string' },
  sortKey: { name: 'part', type: 'binary' },
  indexes: {
    byRegion: {
      type: 'global',
      partitionKey: [
        { name: 'region', type: 'string' },
        { name: 'league', type: 'string' },
      ],
      sortKey: [
        { name: 'round', type: 'string' },
        { name: 'score', type: 'number' },
        { name: 'code', type: 'binary' },
      ],
    },
    byNobody: {
      type: 'global',
      partitionKey: { name: 'nobody', type: 'string' },
      sortKey: { name: 'place', type: 'string' },
    },
  },
})
const { '~compiled': Match } = defineEntity({
  name: 'Match',
  table: Matches,
  attributes: {
    id: v.string(),
    part: v.any(),
    region: v.any(),
    league: v.any(),
    round: v.any(),
    score: v.any(),
    code: v.any(),
    place: v.any(),
  },
})

const rule = (item: AppItem): string => {
  try {
    toStored(Match, { id: 'm', part: new Uint8Array([1]), ...item })
  } catch (error) {
    if (ValidationError.is(error)) return error.rule
    throw error
  }
  return 'accepted'
}

describe('a key attribute', () => {
  test.each<[string, AppItem, string]>([
    ['partition key of 2,048 bytes', { id: 'é'.repeat(1024) }, 'accepted'],
    ['longer partition key', { id: `${'é'.repeat(1024)}x` }, 'key-size'],
    ['sort key of 1,024 bytes', { part: new Uint8Array(1024) }, 'accepted'],
    ['longer sort key', { part: new Uint8Array(1025) }, 'key-size'],
    ['sort key of an index, 1,024 bytes', { round: '\u{1F600}'.repeat(256) }, 'accepted'],
    ['longer sort key of an index', { round: `${'\u{1F600}'.repeat(256)}x` }, 'key-size'],
  ])('%s', (_name, item, expected) => {
    expect(rule(item)).toBe(expected)
  })

  test('is checked for an index of which the item lacks other attributes', () => {
    expect(rule({ place: 'p'.repeat(1025) })).toBe('key-size')
    expect(rule({ place: '' })).toBe('key-empty')
    expect(rule({ place: 5 })).toBe('key-value-type')
    expect(rule({ place: 'p' })).toBe('accepted')
  })
})

describe('the attributes of a multi-attribute key', () => {
  const text = (length: number): string => 'x'.repeat(length)

  test.each<[string, AppItem, string]>([
    ['partition key within the limit', { region: text(2000), league: text(48) }, 'accepted'],
    ['partition key beyond it', { region: text(2000), league: text(49) }, 'key-size'],
    ['sort key within the limit', { round: text(1000), score: 5, code: new Uint8Array(24) }, 'accepted'],
    ['sort key beyond it', { round: text(1000), score: 5, code: new Uint8Array(25) }, 'key-size'],
    ['sort key without one of its attributes', { round: text(1000), code: new Uint8Array(25) }, 'key-size'],
  ])('%s', (_name, item, expected) => {
    expect(rule(item)).toBe(expected)
  })

  test('are named when they are too long together', () => {
    const run = (): unknown =>
      toStored(Match, { id: 'm', part: new Uint8Array([1]), region: text(2000), league: text(49) })
    expect(run).toThrow(
      "Match: the partition key of index 'byRegion' (region, league) has at most 2048 bytes",
    )
  })
})
