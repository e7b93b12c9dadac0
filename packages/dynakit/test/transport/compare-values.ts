import { Decimal, type NativeItem, type NativeNumber, type NativeValue } from 'dynakit'

/** A value in a form in which equal values are deeply equal, whatever JavaScript type their numbers have. */
export function comparable(value: unknown): unknown {
  if (isNumber(value)) return { number: Decimal.from(value.toString()).toString() }
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') }
  if (value instanceof Set)
    return { set: [...value].map((member) => JSON.stringify(comparable(member))).sort() }
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value !== 'object' || value === null) return value
  return { members: new Map(Object.entries(value).map(([name, member]) => [name, comparable(member)])) }
}

/** The value without members of the names given, at any depth. */
export function withoutNames(value: NativeValue, names: readonly string[]): NativeValue {
  if (Array.isArray(value)) {
    return (value as readonly NativeValue[]).map((member) => withoutNames(member, names))
  }
  if (!isMap(value)) return value
  const members = Object.entries(value).filter(([name]) => !names.includes(name))
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNames(member!, names)]))
}

function isNumber(value: unknown): value is NativeNumber {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal
}

function isMap(value: NativeValue): value is NativeItem {
  return Object.prototype.toString.call(value) === '[object Object]' && !(value instanceof Decimal)
}
