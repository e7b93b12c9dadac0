import { Decimal } from './decimal.ts'
import type { NativeNumber } from './native-value.ts'

/**
 * Adds two numbers exactly, as DynamoDB does.
 *
 * @param left - A number.
 * @param right - Another one.
 * @returns The sum: `number` when both are and nothing is lost, otherwise `bigint` or `Decimal`.
 * @throws ValidationError when the sum has more than 38 digits or leaves DynamoDB's range.
 * @internal
 */
export function addNumbers(left: NativeNumber, right: NativeNumber): NativeNumber {
  if (isSafe(left) && isSafe(right)) {
    const sum = left + right
    if (Number.isSafeInteger(sum)) return sum
  }
  const a = scaled(left)
  const b = scaled(right)
  const scale = Math.max(a.scale, b.scale)
  const sum = a.digits * 10n ** BigInt(scale - a.scale) + b.digits * 10n ** BigInt(scale - b.scale)
  return scale === 0 ? sum : Decimal.from(`${sum.toString()}e-${String(scale)}`)
}

function isSafe(value: NativeNumber): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value)
}

/** A number as a whole number of units of 10^-scale. */
function scaled(value: NativeNumber): { readonly digits: bigint; readonly scale: number } {
  const text = Decimal.from(value.toString()).toString()
  const point = text.indexOf('.')
  if (point === -1) return { digits: BigInt(text), scale: 0 }
  return { digits: BigInt(text.replace('.', '')), scale: text.length - point - 1 }
}
