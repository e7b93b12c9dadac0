import type { AttributeValue, Item } from '../../src/values/attribute-value.ts'
import { follow } from './naive-condition.ts'
import type { Action, Path, UpdateValue } from './random-expressions.ts'

type Json = Record<string, AttributeValue | undefined>

/** Why an update cannot be applied, by DynamoDB's three reasons. */
export type Refusal = 'no attribute' | 'wrong type' | 'no place'

/**
 * Applies an update in the plainest way: a deep copy is changed in place, action by action; lists grow by
 * appending and are closed up at the end.
 *
 * @returns The new item, or every reason DynamoDB can have to refuse.
 */
export function naiveUpdate(actions: readonly Action[], item: Item): Item | ReadonlySet<Refusal> {
  const copy = structuredClone(item) as Json
  const refusals = new Set<Refusal>()
  for (const action of actions) {
    try {
      apply(action, item, copy)
    } catch (reason) {
      refusals.add((reason as Error).message as Refusal)
    }
  }
  if (refusals.size > 0) return refusals
  return closeUp(copy) as Item
}

function apply(action: Action, item: Item, copy: Json): void {
  const place = action.path[action.path.length - 1] as string | number
  const container = containerOf(copy, action.path)
  const old = follow(item, action.path)
  const value = outcome(action, item, old)
  // A place beyond the end of a list keeps its index until the list is closed up.
  if (value === undefined && Array.isArray(container)) {
    if (Number(place) < container.length) (container as unknown[])[Number(place)] = undefined
  } else if (value === undefined) Reflect.deleteProperty(container, place)
  else container[place] = value
}

function containerOf(copy: Json, path: Path): Json {
  let container: Json = copy
  for (const [depth, element] of path.slice(0, -1).entries()) {
    const value = container[element]
    const wanted = typeof path[depth + 1] === 'number' ? 'L' : 'M'
    if (value === undefined || !(wanted in value)) throw new Error('no place')
    container = (value as unknown as Record<string, Json>)[wanted] as Json
  }
  return container
}

function outcome(action: Action, item: Item, old: AttributeValue | undefined): AttributeValue | undefined {
  switch (action.kind) {
    case 'SET':
      return compute(action.value, item)
    case 'REMOVE':
      return undefined
    case 'ADD':
      return old === undefined ? action.value : add(old, action.value)
    case 'DELETE':
      return old === undefined ? undefined : without(old, action.value)
  }
}

function compute(value: UpdateValue, item: Item): AttributeValue {
  switch (value.kind) {
    case 'value':
      return value.value
    case 'path': {
      const found = follow(item, value.path)
      if (found === undefined) throw new Error('no attribute')
      return found
    }
    case 'default':
      return follow(item, value.path) ?? compute(value.otherwise, item)
    case 'append': {
      const left = compute(value.left, item)
      if (!('L' in left)) throw new Error('wrong type')
      const right = compute(value.right, item)
      if (!('L' in right)) throw new Error('wrong type')
      return { L: left.L.concat(right.L) }
    }
    default: {
      const left = compute(value.left, item)
      if (!('N' in left)) throw new Error('wrong type')
      const right = compute(value.right, item)
      if (!('N' in right)) throw new Error('wrong type')
      return { N: sum(left.N, right.N, value.kind === '-' ? -1n : 1n) }
    }
  }
}

/** Sums of the numbers in the tests have at most one digit behind the point. */
function sum(left: string, right: string, sign: bigint): string {
  const tenths = toTenths(left) + sign * toTenths(right)
  const size = tenths < 0n ? -tenths : tenths
  if (size.toString().replace(/0+$/, '').length > 38) throw new Error('too long')
  const fraction = size % 10n === 0n ? '' : `.${String(size % 10n)}`
  return `${tenths < 0n ? '-' : ''}${String(size / 10n)}${fraction}`
}

function toTenths(number: string): bigint {
  const [whole = '0', fraction = '0'] = number.split('.')
  const size = BigInt(whole.replace('-', '')) * 10n + BigInt(fraction)
  return number.startsWith('-') ? -size : size
}

function add(old: AttributeValue, added: AttributeValue): AttributeValue {
  if ('N' in old && 'N' in added) return { N: sum(old.N, added.N, 1n) }
  for (const type of ['SS', 'NS', 'BS'] as const) {
    const [members, more] = [membersOf(old, type), membersOf(added, type)]
    if (members && more)
      return { [type]: [...members, ...more.filter((one) => !members.includes(one))] } as never
  }
  throw new Error('wrong type')
}

function without(old: AttributeValue, deleted: AttributeValue): AttributeValue | undefined {
  for (const type of ['SS', 'NS', 'BS'] as const) {
    const [members, gone] = [membersOf(old, type), membersOf(deleted, type)]
    if (!members || !gone) continue
    const left = members.filter((one) => !gone.includes(one))
    return left.length === 0 ? undefined : ({ [type]: left } as never)
  }
  throw new Error('wrong type')
}

function membersOf(value: AttributeValue, type: string): readonly string[] | undefined {
  return (value as unknown as Record<string, readonly string[] | undefined>)[type]
}

/** Drops the holes of lists, whose order is that of the indexes. */
function closeUp(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((element) => element !== undefined).map(closeUp)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, closeUp(member)]))
}
