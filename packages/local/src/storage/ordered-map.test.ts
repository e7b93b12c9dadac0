import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OrderedMap } from './ordered-map.ts'

interface Key {
  readonly key: number
}
interface Entry extends Key {
  readonly value: number
}

const compare = (left: Key, right: Key): number => left.key - right.key
const emptyMap = (): OrderedMap<Key, Entry> => new OrderedMap<Key, Entry>(compare, {})
const contents = (map: OrderedMap<Key, Entry>): Entry[] => [...map.entries()]

/** A map to compare with. */
class Model {
  readonly entries: Map<number, Entry>
  constructor(entries: Iterable<readonly [number, Entry]> = []) {
    this.entries = new Map(entries)
  }
  get sorted(): Entry[] {
    return [...this.entries.values()].sort(compare)
  }
}

describe('an ordered map', () => {
  test('keeps entries in order, replaces and deletes', () => {
    const map = emptyMap()
    expect(map.set({ key: 2, value: 1 })).toBeUndefined()
    expect(map.set({ key: 1, value: 2 })).toBeUndefined()
    expect(map.set({ key: 2, value: 3 })).toEqual({ key: 2, value: 1 })
    expect(contents(map)).toEqual([
      { key: 1, value: 2 },
      { key: 2, value: 3 },
    ])
    expect(map.delete({ key: 1 })).toEqual({ key: 1, value: 2 })
    expect(map.delete({ key: 1 })).toBeUndefined()
    expect(map.size).toBe(1)
    expect(map.get({ key: 2 })?.value).toBe(3)
    expect(map.get({ key: 1 })).toBeUndefined()
  })

  test.each(['ascending', 'descending', 'scattered'])(
    'holds 20,000 entries added %s, and lets go of them',
    (order) => {
      const count = 20_000
      const keys = Array.from({ length: count }, (_, at) =>
        order === 'ascending' ? at : order === 'descending' ? count - at : (at * 7919) % count,
      )
      const map = emptyMap()
      for (const key of keys) map.set({ key, value: key })
      expect(map.size).toBe(count)
      expect(contents(map).map((entry) => entry.key)).toEqual([...keys].sort((a, b) => a - b))
      for (const key of keys.slice(0, count - 3)) expect(map.delete({ key })?.key).toBe(key)
      expect(map.size).toBe(3)
      expect(contents(map)).toHaveLength(3)
    },
  )

  test('agrees with a model over random changes and copies, none of which changes another', () => {
    const change = fc.record({
      copy: fc.nat(5),
      kind: fc.constantFrom('set', 'set', 'set', 'delete', 'delete', 'fork'),
      key: fc.nat(400),
    })
    fc.assert(
      fc.property(fc.array(change, { minLength: 200, maxLength: 1200 }), (changes) => {
        const copies = [{ map: emptyMap(), model: new Model() }]
        changes.forEach(({ copy, kind, key }, value) => {
          const one = copies[copy % copies.length]!
          if (kind === 'set') {
            expect(one.map.set({ key, value })).toEqual(one.model.entries.get(key))
            one.model.entries.set(key, { key, value })
          } else if (kind === 'delete') {
            expect(one.map.delete({ key })).toEqual(one.model.entries.get(key))
            one.model.entries.delete(key)
          } else if (copies.length < 6) {
            copies.push({ map: one.map.withOwner({}), model: new Model(one.model.entries) })
            one.map = one.map.withOwner({})
          }
        })
        for (const { map, model } of copies) {
          expect(contents(map)).toEqual(model.sorted)
          expect(map.size).toBe(model.entries.size)
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('a cursor', () => {
  const map = emptyMap()
  for (let key = 0; key < 1000; key += 1) map.set({ key: key * 2, value: key })

  test('stands before the first entry that is not before the place', () => {
    for (const place of [-1, 0, 1, 62, 63, 64, 65, 999, 1997, 1998]) {
      const cursor = map.seek((entry) => entry.key < place)
      expect(cursor.entry?.key).toBe(Math.max(0, Math.ceil(place / 2) * 2))
    }
    expect(map.seek((entry) => entry.key < 1999).entry).toBeUndefined()
  })

  test('reads up and down', () => {
    const up = map.seek((entry) => entry.key < 500)
    const seen: number[] = []
    for (; up.entry !== undefined; up.next()) seen.push(up.entry.key)
    expect(seen).toEqual(Array.from({ length: 750 }, (_, at) => 500 + at * 2))
    const down = map.seek((entry) => entry.key < 501)
    const seenDown: number[] = []
    while (down.previous()) seenDown.push(down.entry!.key)
    expect(seenDown).toEqual(Array.from({ length: 251 }, (_, at) => 500 - at * 2))
    expect(down.previous()).toBe(false)
  })

  test('reads down from the end, and turns round', () => {
    const cursor = map.seek(() => true)
    expect(cursor.entry).toBeUndefined()
    expect(cursor.previous()).toBe(true)
    expect(cursor.entry?.key).toBe(1998)
    cursor.next()
    expect(cursor.entry).toBeUndefined()
  })

  test('finds nothing in an empty map', () => {
    const cursor = emptyMap().seek(() => false)
    expect(cursor.entry).toBeUndefined()
    expect(cursor.previous()).toBe(false)
  })
})
