/**
 * A value as DynamoDB's API carries it: an object with one member that names its type.
 *
 * Source: Amazon DynamoDB API Reference, AttributeValue.
 */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: Uint8Array }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: AttributeMap }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly Uint8Array[] }

/** An item or key as DynamoDB's API carries it. */
export interface AttributeMap {
  readonly [name: string]: AttributeValue
}
