/** Thrown for a JavaScript value that cannot be stored; becomes dynakit's `ValidationError`. */
export class NativeValueError extends Error {
  readonly rule: string
  readonly valueType: string
  /** Where the value stands, as dynakit writes paths. */
  readonly field: string

  constructor(rule: string, message: string, valueType: string, path: readonly (string | number)[] = []) {
    super(message)
    this.rule = rule
    this.valueType = valueType
    this.field = path
      .map((part, at) => (typeof part === 'number' ? `[${String(part)}]` : at === 0 ? part : `.${part}`))
      .join('')
  }
}

/**
 * Names the type of a value, as dynakit's errors do.
 *
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
