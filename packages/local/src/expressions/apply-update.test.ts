import { describe, expect, test } from 'vitest'
import type { AttributeValue, Item } from '../values/attribute-value.ts'
import { applyUpdate } from './apply-update.ts'
import { parseUpdate } from './parse-update.ts'
import { Placeholders } from './placeholders.ts'
import { readPlaceholders } from './read-placeholders.ts'
import { updatedAttributes } from './updated-attributes.ts'

const S = (text: string): AttributeValue => ({ S: text })
const N = (number: number): AttributeValue => ({ N: String(number) })
const L = (...elements: AttributeValue[]): AttributeValue => ({ L: elements })

const item: Item = {
  id: S('1'),
  title: S('t'),
  amount: N(5),
  tags: L(S('a'), S('b'), S('c')),
  map_: { M: { x: N(1), y: L(N(1)) } },
  set_: { SS: ['a', 'b'] },
  mixed: L({ SS: ['a'] }, N(1), { M: { q: N(1) } }),
}

const values: Readonly<Record<string, AttributeValue>> = {
  ':x': S('X'),
  ':y': S('Y'),
  ':z': S('Z'),
  ':n': N(1),
  ':a': { SS: ['a'] },
  ':ab': { SS: ['a', 'b'] },
  ':ns': { NS: ['1'] },
  ':l': L(N(9)),
}

const parse = (text: string) =>
  parseUpdate(text, new Placeholders(new Map(), new Map(Object.entries(values))))

/** What the update changes; undefined for what it removes. */
function changes(text: string, subject: Item = item): Record<string, AttributeValue | undefined> {
  const before = JSON.stringify(subject)
  const after = applyUpdate(parse(text), subject)
  expect(JSON.stringify(subject)).toBe(before)
  const names = new Set([...Object.keys(subject), ...Object.keys(after)])
  return Object.fromEntries(
    [...names].filter((name) => after[name] !== subject[name]).map((name) => [name, after[name]]),
  )
}

describe('SET', () => {
  test.each<[string, Record<string, AttributeValue>]>([
    ['set added = :x', { added: S('X') }],
    ['set title = amount, amount = title', { title: N(5), amount: S('t') }],
    ['set map_.z = :x', { map_: { M: { x: N(1), y: L(N(1)), z: S('X') } } }],
    ['set map_.y[0] = :x, map_.x = :y', { map_: { M: { x: S('Y'), y: L(S('X')) } } }],
    ['set map_.x = map_', { map_: { M: { x: item.map_ as AttributeValue, y: L(N(1)) } } }],
    ['set amount = amount + :n', { amount: N(6) }],
    ['set amount = :n - amount', { amount: N(-4) }],
    ['set amount = if_not_exists(nope, amount) + :n', { amount: N(6) }],
    ['set amount = if_not_exists(title, nope)', { amount: S('t') }],
    ['set tags = list_append(tags, :l)', { tags: L(S('a'), S('b'), S('c'), N(9)) }],
    ['set tags = list_append(:l, tags)', { tags: L(N(9), S('a'), S('b'), S('c')) }],
    ['set tags = list_append(if_not_exists(nope, :l), :l)', { tags: L(N(9), N(9)) }],
  ])('%s', (text, expected) => {
    expect(changes(text)).toEqual(expected)
  })

  test.each([
    ['set tags[1] = :x', ['a', 'X', 'c']],
    ['set tags[0] = tags[1], tags[1] = tags[0]', ['b', 'a', 'c']],
    ['set tags[9] = :x', ['a', 'b', 'c', 'X']],
    ['set tags[9] = :x, tags[3] = :y, tags[7] = :z', ['a', 'b', 'c', 'Y', 'Z', 'X']],
    ['set tags[1] = :x remove tags[0]', ['X', 'c']],
    ['set tags[9] = :x remove tags[0], tags[2]', ['b', 'X']],
    ['remove tags[0], tags[1], tags[2]', []],
    ['add tags[9] :n', ['a', 'b', 'c', 1]],
  ])('indexes mean the list as it was: %s', (text, expected) => {
    const elements = expected.map((element) => (typeof element === 'number' ? N(element) : S(element)))
    expect(changes(text)).toEqual({ tags: L(...elements) })
  })

  test('an item that does not exist has its key', () => {
    expect(applyUpdate(parse('set twin = id'), { id: S('1') })).toEqual({ id: S('1'), twin: S('1') })
  })
})

describe('REMOVE, ADD and DELETE', () => {
  test.each<[string, Record<string, AttributeValue | undefined>]>([
    ['remove title, map_.y', { title: undefined, map_: { M: { x: N(1) } } }],
    ['remove map_.x, map_.y', { map_: { M: {} } }],
    ['remove nope', {}],
    ['add amount :n, nope :n', { amount: N(6), nope: N(1) }],
    ['add map_.x :n', { map_: { M: { x: N(2), y: L(N(1)) } } }],
    ['add set_ :a', { set_: { SS: ['a', 'b'] } }],
    ['add nope :ab', { nope: { SS: ['a', 'b'] } }],
    ['add mixed[0] :ab', { mixed: L({ SS: ['a', 'b'] }, N(1), { M: { q: N(1) } }) }],
    ['delete set_ :a', { set_: { SS: ['b'] } }],
    ['delete set_ :ab', { set_: undefined }],
    ['delete mixed[0] :ab', { mixed: L(N(1), { M: { q: N(1) } }) }],
    ['delete nope :a', {}],
  ])('%s', (text, expected) => {
    expect(changes(text)).toEqual(expected)
  })
})

describe('errors', () => {
  const missing = 'The provided expression refers to an attribute that does not exist in the item'
  const path = 'The document path provided in the update expression is invalid for update'
  const type = 'An operand in the update expression has an incorrect data type'

  test.each([
    ['set amount = nope', missing],
    ['set amount = nope + title', missing],
    ['set amount = list_append(nope, title)', missing],
    ['set z = title, title = amount, amount = z', missing],
    ['set amount = title + nope', type],
    ['set amount = list_append(title, nope)', type],
    ['set amount = tags + :n', type],
    ['add amount :a', type],
    ['add set_ :ns', type],
    ['add title :n', type],
    ['delete set_ :ns', type],
    ['delete amount :a', type],
    ['set nope.x = :x', path],
    ['set title.x = :x', path],
    ['set nope[0] = :x', path],
    ['set map_[0] = :x', path],
    ['set tags.x = :x', path],
    ['set mixed[5].z = :x', path],
    ['set nope.x = nope', path],
    ['remove nope.x', path],
    ['remove mixed[5].q', path],
    ['add nope.x :n', path],
    ['delete nope.x :a', path],
  ])('%s: %s', (text, message) => {
    expect(() => applyUpdate(parse(text), item)).toThrow(message)
  })
})

describe('updatedAttributes', () => {
  const before = (text: string) => updatedAttributes(parse(text), item, 'before')
  const after = (text: string) => {
    const update = parse(text)
    return updatedAttributes(update, applyUpdate(update, item), 'after')
  }

  test('gives what the paths lead to, and nothing beside it', () => {
    expect(after('set map_.x = :x, amount = :n')).toEqual({ map_: { M: { x: S('X') } }, amount: N(1) })
    expect(before('set map_.x = :x, amount = :n')).toEqual({ map_: { M: { x: N(1) } }, amount: N(5) })
    expect(after('set tags[2] = :x')).toEqual({ tags: L(S('X')) })
  })

  test('gives no new value for what is removed or appended, and none at all rather than an empty map', () => {
    expect(after('remove tags[0]')).toBeUndefined()
    expect(before('remove tags[0]')).toEqual({ tags: L(S('a')) })
    expect(after('set tags[9] = :x')).toBeUndefined()
    expect(before('set nope = :x')).toBeUndefined()
    expect(after('delete set_ :ab')).toBeUndefined()
  })
})

test('an attribute named __proto__ is an attribute', () => {
  const update = parseUpdate(
    'set #p = :v, x.#p = :v',
    readPlaceholders({ '#p': '__proto__' }, { ':v': S('v') }),
  )
  const result = applyUpdate(update, { x: { M: {} } })
  expect(Object.getPrototypeOf(result)).toBe(Object.prototype)
  expect(JSON.stringify(result)).toBe('{"x":{"M":{"__proto__":{"S":"v"}}},"__proto__":{"S":"v"}}')
})
