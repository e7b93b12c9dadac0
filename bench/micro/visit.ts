/**
 * Looks at every value: what is read only when it is looked at must be paid for, too.
 *
 * @returns A number that depends on all of them.
 */
export function visit(value: unknown): number {
  if (typeof value === 'string') return value.length === 0 ? 0 : value.charCodeAt(value.length - 1)
  if (typeof value === 'number') return value
  if (typeof value !== 'object' || value === null) return 1
  if (value instanceof Uint8Array) return value[value.length - 1] ?? 0
  let sum = 0
  const members: Iterable<unknown> =
    Symbol.iterator in value ? (value as Iterable<unknown>) : Object.values(value)
  for (const member of members) sum += visit(member)
  return sum
}
