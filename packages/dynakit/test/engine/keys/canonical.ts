import type { NativeValue } from 'dynakit'
import { isNumber } from './model-keys.ts'
import { numberText } from './number-text.ts'

/** A form in which equal stored values are equal for `expect`, and different ones differ. */
export function canonical(value: NativeValue | undefined): unknown {
  if (isNumber(value)) return `number ${numberText(value)}`
  if (value instanceof Uint8Array) return `binary ${Buffer.from(value).toString('hex')}`
  if (value instanceof Set) {
    return {
      set: [...(value as ReadonlySet<NativeValue>)].map((member) => JSON.stringify(canonical(member))).sort(),
    }
  }
  if (Array.isArray(value)) return (value as readonly NativeValue[]).map(canonical)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, canonical(member as NativeValue)]),
  )
}

/** Whether two stored values are equal for DynamoDB. */
export function isEqual(left: NativeValue | undefined, right: NativeValue | undefined): boolean {
  return JSON.stringify(canonical(left)) === JSON.stringify(canonical(right))
}
