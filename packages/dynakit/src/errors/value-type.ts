/**
 * Names the type of a value for an error message, never the value itself.
 *
 * @param value - Anything.
 * @returns `null`, `array`, a primitive's `typeof`, or the name of the object's class.
 * @internal
 */
export function valueType(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number' && !Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : 'Infinity'
  if (typeof value !== 'object') return typeof value
  const name = (value as { constructor?: { name?: unknown } }).constructor?.name
  return typeof name === 'string' && name !== '' && name !== 'Object' ? name : 'object'
}
