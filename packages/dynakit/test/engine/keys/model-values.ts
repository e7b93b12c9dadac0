import { Decimal, type NativeNumber, type NativeValue } from 'dynakit'
import { isEqual } from './canonical.ts'
import { isNumber } from './model-keys.ts'
import { sumText } from './number-text.ts'
import type { FieldKind } from './random-schema.ts'
import type { Action } from './random-steps.ts'

type Container = Readonly<Record<string, NativeValue>>

/** Whether DynamoDB can store a value exactly. */
export function isStorable(value: unknown): value is NativeValue {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed()
    case 'number':
      return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
    case 'bigint':
    case 'boolean':
      return true
    case 'object':
      return value === null || isStorableObject(value)
    default:
      return false
  }
}

function isStorableObject(value: object): boolean {
  if (value instanceof Uint8Array || Decimal.is(value)) return true
  if (value instanceof Set) return value.size > 0 && [...(value as Set<unknown>)].every(isStorable)
  if (value instanceof Date) return false
  return Object.values(value).every(isStorable)
}

const schemas: Readonly<Record<FieldKind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  number: isNumber,
  binary: (value) => value instanceof Uint8Array,
  flag: (value) => typeof value === 'boolean',
  date: isDate,
  epoch: isDate,
  any: () => true,
  texts: (value) => isSetOf(value, (member) => typeof member === 'string'),
  numbers: (value) => isSetOf(value, isNumber),
  list: Array.isArray,
  map: isMap,
}

function isDate(value: unknown): value is Date {
  return value instanceof Date && !Number.isNaN(value.getTime())
}

function isMap(value: unknown): value is Container {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

function isSetOf(value: unknown, isMember: (member: unknown) => boolean): boolean {
  return value instanceof Set && [...(value as Set<unknown>)].every(isMember)
}

/** Makes the stored form of a field's value; `undefined` when the field cannot hold it. */
export function storedForm(kind: FieldKind, value: unknown): NativeValue | undefined {
  if (!schemas[kind](value)) return undefined
  if (kind === 'date') return (value as Date).toISOString()
  if (kind === 'epoch') return Math.floor((value as Date).getTime() / 1000)
  return isStorable(value) ? value : undefined
}

/** Names and positions of a path. */
export function segmentsOf(path: string): readonly (string | number)[] {
  return path
    .split(/[.[\]]/)
    .filter((part) => part !== '')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

/** DynamoDB refuses the change, because of what is stored. */
export const refused = Symbol('refused')

/** What a change makes of the value at its path; `undefined` when nothing is left. */
export function changed(
  action: Action,
  stored: NativeValue | undefined,
): NativeValue | undefined | typeof refused {
  const { type, value } = action
  switch (type) {
    case 'set':
      return value as NativeValue
    case 'setIfNotExists':
      return stored === undefined ? (value as NativeValue) : stored
    case 'append':
      return joined(stored, value as readonly NativeValue[], false)
    case 'prepend':
      return joined(stored, value as readonly NativeValue[], true)
    case 'add':
      return isNumber(value) ? sum(stored, value) : withMembers(stored, membersOf(value))
    case 'deleteFromSet':
      return withoutMembers(stored, membersOf(value))
    case 'remove':
      return undefined
  }
}

/** A list stands for a set. */
export function membersOf(value: unknown): readonly NativeValue[] {
  return value instanceof Set || Array.isArray(value) ? [...(value as Iterable<NativeValue>)] : []
}

function joined(
  stored: NativeValue | undefined,
  list: readonly NativeValue[],
  isFirst: boolean,
): NativeValue | typeof refused {
  if (stored === undefined) return list
  if (!Array.isArray(stored)) return refused
  const elements = stored as readonly NativeValue[]
  return isFirst ? [...list, ...elements] : [...elements, ...list]
}

function sum(stored: NativeValue | undefined, added: NativeNumber): NativeValue | typeof refused {
  if (stored === undefined) return added
  const text = isNumber(stored) ? sumText(stored, added) : undefined
  return text === undefined ? refused : Decimal.from(text)
}

function isSameSet(
  stored: NativeValue,
  members: readonly NativeValue[],
): stored is Set<string> & NativeValue {
  if (!(stored instanceof Set)) return false
  const [first] = stored as ReadonlySet<NativeValue>
  return isNumber(first) === isNumber(members[0])
}

function toSet(members: readonly NativeValue[]): NativeValue {
  const distinct = members.filter((member, at) => members.findIndex((other) => isEqual(other, member)) === at)
  return new Set(distinct) as unknown as NativeValue
}

function withMembers(
  stored: NativeValue | undefined,
  members: readonly NativeValue[],
): NativeValue | typeof refused {
  if (stored === undefined) return toSet(members)
  return isSameSet(stored, members) ? toSet([...stored, ...members]) : refused
}

function withoutMembers(
  stored: NativeValue | undefined,
  members: readonly NativeValue[],
): NativeValue | undefined | typeof refused {
  if (stored === undefined) return undefined
  if (!isSameSet(stored, members)) return refused
  const left = [...stored].filter((member) => !members.some((other) => isEqual(other, member)))
  return left.length === 0 ? undefined : toSet(left)
}

/**
 * Changes what stands at a path inside a value.
 *
 * @param withParents - Makes missing maps on the way.
 * @returns The new value; `refused` when the way ends before the path does.
 */
export function changedInside(
  value: NativeValue | undefined,
  [segment = '', ...rest]: readonly (string | number)[],
  action: Action,
  withParents: boolean,
): NativeValue | typeof refused {
  const step = (member: NativeValue | undefined): NativeValue | undefined | typeof refused =>
    rest.length === 0 ? changed(action, member) : changedInside(member, rest, action, withParents)
  if (typeof segment === 'number') {
    return Array.isArray(value) ? changedElement(value as readonly NativeValue[], segment, step) : refused
  }
  if (!isMap(value) && !(withParents && value === undefined)) return refused
  const container: Container = value ?? {}
  const member = step(container[segment])
  if (member === refused) return refused
  const others = Object.entries(container).filter(([name]) => name !== segment)
  return Object.fromEntries(member === undefined ? others : [...others, [segment, member]])
}

function changedElement(
  list: readonly NativeValue[],
  at: number,
  step: (member: NativeValue | undefined) => NativeValue | undefined | typeof refused,
): NativeValue | typeof refused {
  const element = step(list[at])
  if (element === refused) return refused
  if (element === undefined) return list.filter((_, position) => position !== at)
  // Beyond the end, DynamoDB appends.
  return at < list.length ? list.with(at, element) : [...list, element]
}
