/**
 * A value of an item's attribute as DynamoDB's JSON protocol writes it: an object of exactly one member that
 * names the type. Binary values are base64 text.
 *
 * The engine keeps values in this form from the request to the answer. Values of stored items are checked,
 * have normalised numbers, and are never changed in place.
 */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly M: AttributeMap }
  | { readonly L: readonly AttributeValue[] }

/** The name of an attribute value's type. */
export type AttributeType = 'S' | 'N' | 'B' | 'SS' | 'NS' | 'BS' | 'BOOL' | 'NULL' | 'M' | 'L'

/**
 * Attribute values by name: an item or what a map holds.
 *
 * Names come from outside, so `__proto__` can be one: look names up with `Object.hasOwn`, and add them with
 * spread, `Object.fromEntries` or {@link setAttribute}, never by assignment.
 */
export type AttributeMap = Readonly<Record<string, AttributeValue>>

/** An item: attribute values by name. */
export type Item = AttributeMap

/**
 * Gives the type of a value.
 *
 * @internal
 */
export function typeOf(value: AttributeValue): AttributeType {
  for (const type in value) return type as AttributeType
  throw new TypeError('An attribute value has exactly one member.')
}

/**
 * Gives the value of an attribute, or undefined when the item does not have it.
 *
 * @internal
 */
export function getAttribute(item: AttributeMap, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined
}

/**
 * Adds an attribute to an item under construction, whatever its name.
 *
 * @internal
 */
export function setAttribute(
  item: Record<string, AttributeValue>,
  name: string,
  value: AttributeValue,
): void {
  if (name === '__proto__') {
    Object.defineProperty(item, name, { value, enumerable: true, configurable: true, writable: true })
  } else {
    item[name] = value
  }
}
