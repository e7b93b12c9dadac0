import { Decimal } from './decimal.ts'
import type { NativeItem, NativeNumber, NativeValue } from './native-value.ts'

/**
 * Tells whether a value is a number of any of the three JavaScript forms.
 *
 * @internal
 */
export function isNativeNumber(value: unknown): value is NativeNumber {
  return typeof value === 'number' || typeof value === 'bigint' || Decimal.is(value)
}

/**
 * Tells whether a value is a map for DynamoDB: an object that is no list, set, binary or number.
 *
 * @internal
 */
export function isNativeMap(value: NativeValue | undefined): value is NativeItem {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Set) &&
    !(value instanceof Uint8Array) &&
    !Decimal.is(value)
  )
}
