import { describe, expect, test } from 'vitest'
import type { NativeItem } from '../codec/native-value.ts'
import { parsePath } from '../expressions/path.ts'
import { noActions, type UpdateActions } from '../expressions/update-actions.ts'
import { updatedPaths } from './updated-paths.ts'

const item: NativeItem = {
  name: 'Ada',
  labels: new Set(['a']),
  bytes: new Uint8Array([1]),
  address: { city: 'Bern', place: { street: 'x', number: 1 } },
  lines: [{ sku: 'x', quantity: 1 }, { sku: 'y', quantity: 2 }, 3],
}

const set = (...paths: string[]): UpdateActions => ({
  ...noActions,
  set: paths.map((path) => ({ path: parsePath(path), kind: 'value', value: 0 })),
})

describe('the part of an item an update touches', () => {
  test.each<[string, UpdateActions, unknown]>([
    ['whole attributes', set('name', 'labels'), { name: 'Ada', labels: new Set(['a']) }],
    ['members of maps', set('address.city'), { address: { city: 'Bern' } }],
    ['deep members', set('address.place.number', 'name'), { address: { place: { number: 1 } }, name: 'Ada' }],
    [
      'several members',
      set('address.place.number', 'address.city'),
      { address: { city: 'Bern', place: { number: 1 } } },
    ],
    ['an attribute and something in it', set('address', 'address.city'), { address: item.address }],
    ['elements of lists, in their order', set('lines[2]', 'lines[0].sku'), { lines: [{ sku: 'x' }, 3] }],
    [
      'nothing of what is not there',
      set('other', 'address.zip', 'lines[9]', 'name.x', 'labels.y', 'bytes.z'),
      undefined,
    ],
    ['nothing by position of a map, or by name of a list', set('address[0]', 'lines.sku'), undefined],
    [
      'additions and deletions',
      {
        ...noActions,
        add: [{ path: parsePath('labels'), value: 1 }],
        delete: [{ path: parsePath('name'), value: 1 }],
      },
      { labels: new Set(['a']), name: 'Ada' },
    ],
  ])('%s', (_, actions, part) => {
    expect(updatedPaths(item, actions, 'new')).toEqual(part)
    expect(updatedPaths(item, actions, 'old')).toEqual(part)
  })

  test('what is removed has an old value only', () => {
    const actions = { ...noActions, remove: [parsePath('lines[1]'), parsePath('name')] }
    expect(updatedPaths(item, actions, 'old')).toEqual({ lines: [{ sku: 'y', quantity: 2 }], name: 'Ada' })
    expect(updatedPaths(item, actions, 'new')).toBeUndefined()
  })
})
