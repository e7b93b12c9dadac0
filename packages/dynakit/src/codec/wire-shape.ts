import { defineMember } from './define-member.ts'

/**
 * Where attribute values stand in a request or an answer of DynamoDB; everything else is plain JSON.
 *
 * - `'item'`: a map of attributes: an item, a key, the values of expressions;
 * - `list`: a list of such places;
 * - `each`: an object whose member names are data, such as table names;
 * - `members`: an object with known members; those not named hold no attribute values.
 */
export type WireShape =
  | 'item'
  | { readonly list: WireShape }
  | { readonly each: WireShape }
  | { readonly members: Readonly<Record<string, WireShape>> }

/**
 * Gives the shape of one member of an object.
 *
 * @param shape - The object's shape.
 * @param name - Name of the member.
 * @returns Its shape, or `undefined` when it holds no attribute values.
 * @internal
 */
export function memberShape(shape: WireShape | undefined, name: string): WireShape | undefined {
  if (typeof shape !== 'object') return undefined
  if ('each' in shape) return shape.each
  return 'members' in shape && Object.hasOwn(shape.members, name) ? shape.members[name] : undefined
}

/**
 * Converts the attribute maps of a request or an answer and copies the rest.
 *
 * @param value - A request, an answer or a part of one.
 * @param shape - Where its attribute values stand.
 * @param convertItem - Converts one map of attributes.
 * @returns The converted copy; members that are `undefined` are left out.
 * @internal
 */
export function convertItems(
  value: unknown,
  shape: WireShape | undefined,
  convertItem: (item: never) => unknown,
): unknown {
  if (shape === undefined || typeof value !== 'object' || value === null) return value
  if (shape === 'item') return convertItem(value as never)
  if ('list' in shape) {
    return (value as readonly unknown[]).map((member) => convertItems(member, shape.list, convertItem))
  }
  const converted: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue
    defineMember(converted, name, convertItems(member, memberShape(shape, name), convertItem))
  }
  return converted
}
