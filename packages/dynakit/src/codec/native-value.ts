import type { Decimal } from './decimal.ts'

/** A number as dynakit hands it out: `number` when exact, `bigint` beyond 2^53, {@link Decimal} for the rest. */
export type NativeNumber = number | bigint | Decimal

/** A DynamoDB set. Its members are all strings, all numbers or all binary. */
export type NativeSet = ReadonlySet<string> | ReadonlySet<NativeNumber> | ReadonlySet<Uint8Array>

/**
 * A JavaScript value that DynamoDB can store.
 *
 * | JavaScript | DynamoDB |
 * |---|---|
 * | `string` | S |
 * | `number` (finite, safe when integral), `bigint`, `Decimal` | N |
 * | `boolean` | BOOL |
 * | `null` | NULL |
 * | `Uint8Array` (`Buffer` included) | B |
 * | array | L |
 * | plain object | M; members that are `undefined` are left out |
 * | `Set` of strings, numbers or `Uint8Array` | SS, NS, BS |
 *
 * Source: Amazon DynamoDB Developer Guide, "Supported data types and naming rules".
 */
export type NativeValue =
  | string
  | NativeNumber
  | boolean
  | null
  | Uint8Array
  | NativeSet
  | readonly NativeValue[]
  | { readonly [name: string]: NativeValue | undefined }

/** An item, a key or any other map of attributes as JavaScript values. */
export interface NativeItem {
  readonly [name: string]: NativeValue | undefined
}
