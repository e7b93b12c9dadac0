import { canonicalNumber } from '../codec/decimal.ts'
import { isNativeNumber } from '../codec/native-types.ts'
import { encodeNumber } from '../codec/number.ts'
import type { NativeNumber, NativeValue } from '../codec/native-value.ts'
import { DefinitionError, ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'

/** A field inside a key template. */
export interface TemplateField {
  /** Attribute the text is made from. */
  readonly field: string
  /** Number of digits before the decimal point, for `{field:10}`; orders numbers inside a string key. */
  readonly width: number | undefined
}

/** A parsed key template such as `ORDER#{orderId}`. */
export interface KeyTemplate {
  /** The template as written. */
  readonly source: string
  /** Literal text and fields in order. */
  readonly parts: readonly (string | TemplateField)[]
  /** The character refused inside field values. */
  readonly separator: string
}

const fieldPattern = /\{([^{}:]+)(?::(\d{1,2}))?\}/g

/**
 * Parses a key template.
 *
 * @param source - Text with fields in braces; `{field:10}` pads a number with zeros to 10 digits.
 * @param separator - The table's key separator.
 * @param definition - What the template belongs to, for messages.
 * @returns The template's parts.
 * @throws DefinitionError for unbalanced braces, and for two fields without the separator between them.
 * @internal
 */
export function parseTemplate(source: string, separator: string, definition: string): KeyTemplate {
  const parts: (string | TemplateField)[] = []
  let end = 0
  for (const match of source.matchAll(fieldPattern)) {
    addLiteral(parts, source.slice(end, match.index))
    parts.push({ field: match[1] ?? '', width: match[2] === undefined ? undefined : Number(match[2]) })
    end = match.index + match[0].length
  }
  addLiteral(parts, source.slice(end))
  checkParts(parts, source, separator, definition)
  return { source, parts, separator }
}

function addLiteral(parts: (string | TemplateField)[], text: string): void {
  if (text !== '') parts.push(text)
}

function checkParts(
  parts: readonly (string | TemplateField)[],
  source: string,
  separator: string,
  definition: string,
): void {
  if (parts.length === 0) refuse(definition, 'template-empty', 'a key template is empty.')
  for (const [at, part] of parts.entries()) {
    if (typeof part !== 'string') continue
    if (/[{}]/.test(part)) {
      refuse(
        definition,
        'template-syntax',
        `'${source}' has an unbalanced brace; a field is written {name} or {name:10}.`,
      )
    }
    const isBetweenFields = at > 0 && at < parts.length - 1
    if (isBetweenFields && !part.includes(separator)) ambiguous(definition, source, separator)
  }
  for (let at = 1; at < parts.length; at++) {
    if (typeof parts[at] !== 'string' && typeof parts[at - 1] !== 'string')
      ambiguous(definition, source, separator)
  }
}

function ambiguous(definition: string, source: string, separator: string): never {
  refuse(
    definition,
    'template-ambiguous',
    `'${source}' has two fields without the separator '${separator}' between them, so two items could share a key. ` +
      `Put '${separator}' between them, or choose another keySeparator in defineTable.`,
  )
}

function refuse(definition: string, rule: string, reason: string): never {
  throw new DefinitionError(`${definition}: ${reason}`, { rule, definition })
}

/**
 * Names of the fields of a template, in order.
 *
 * @internal
 */
export function templateFields(template: KeyTemplate): readonly string[] {
  return template.parts.flatMap((part) => (typeof part === 'string' ? [] : [part.field]))
}

/**
 * Tells whether a template is one bare field, which is copied as it is instead of being made text.
 *
 * @internal
 */
export function isCopy(template: KeyTemplate): boolean {
  if (template.parts.length !== 1) return false
  const [part] = template.parts
  return typeof part === 'object' && part.width === undefined
}

/**
 * Writes one field as it stands in a key.
 *
 * @param part - The field.
 * @param value - Its stored value.
 * @param separator - Character that must not occur.
 * @returns The text.
 * @throws ValidationError when the value cannot be part of a key.
 * @internal
 */
export function renderField(part: TemplateField, value: NativeValue, separator: string): string {
  if (part.width !== undefined) return renderPadded(part.field, part.width, value)
  if (typeof value === 'string') return checkSeparator(part.field, value, separator)
  if (isNativeNumber(value)) return plainNumber(part.field, value)
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  throw new ValidationError(
    `${part.field}: a value of type ${valueType(value)} cannot be part of a key. Use a string, number or boolean.`,
    { rule: 'key-value-type', field: part.field, valueType: valueType(value) },
  )
}

function checkSeparator(field: string, value: string, separator: string): string {
  if (!value.includes(separator)) return value
  throw new ValidationError(
    `${field}: the string contains '${separator}', the separator of key templates, so two items could share a key. ` +
      'Encode it (encodeURIComponent), or choose another keySeparator in defineTable.',
    { rule: 'key-separator', field, valueType: 'string' },
  )
}

function plainNumber(field: string, value: NativeNumber): string {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value.toString()
  try {
    return canonicalNumber(encodeNumber(value))
  } catch (error) {
    if (!ValidationError.is(error)) throw error
    throw new ValidationError(`${field}: ${error.message}`, {
      rule: error.rule,
      field,
      valueType: valueType(value),
    })
  }
}

function renderPadded(field: string, width: number, value: NativeValue): string {
  if (!isNativeNumber(value)) {
    throw new ValidationError(
      `${field}: {${field}:${String(width)}} pads a number, and this is of type ${valueType(value)}.`,
      { rule: 'key-value-type', field, valueType: valueType(value) },
    )
  }
  const text = plainNumber(field, value)
  const point = text.indexOf('.')
  const digits = point === -1 ? text.length : point
  if (text.startsWith('-') || digits > width) {
    throw new ValidationError(
      `${field}: {${field}:${String(width)}} orders numbers from 0 up to ${String(width)} digits before the point; ` +
        'this one lies outside. Widen the template, or use a number key.',
      { rule: 'key-number-range', field, valueType: valueType(value) },
    )
  }
  return '0'.repeat(width - digits) + text
}

/**
 * Makes a key's text from stored values.
 *
 * @param template - The template.
 * @param values - Stored values by field.
 * @returns The text, or `undefined` when a field has no value.
 * @throws ValidationError when a value cannot be part of a key.
 * @internal
 */
export function renderTemplate(
  template: KeyTemplate,
  values: Readonly<Record<string, NativeValue | undefined>>,
): string | undefined {
  let text = ''
  for (const part of template.parts) {
    if (typeof part === 'string') {
      text += part
      continue
    }
    const value = values[part.field]
    if (value === undefined) return undefined
    text += renderField(part, value, template.separator)
  }
  return text
}

/**
 * Tells whether some text could be made from both templates, that is whether their items could share a
 * key. `undefined` stands for a key attribute without template, which may hold anything.
 *
 * @internal
 */
export function templatesOverlap(left: KeyTemplate | undefined, right: KeyTemplate | undefined): boolean {
  if (!left || !right) return true
  return overlap(symbols(left), symbols(right), left.separator)
}

/** Stands for a field: any text without the separator. */
const anyText = Symbol('any text')
type TemplateSymbol = string | typeof anyText

function symbols(template: KeyTemplate): readonly TemplateSymbol[] {
  return template.parts.flatMap((part): TemplateSymbol[] =>
    typeof part === 'string' ? Array.from(part) : [anyText],
  )
}

/** Searches the pairs of positions both templates can reach by writing the same text. */
function overlap(
  left: readonly TemplateSymbol[],
  right: readonly TemplateSymbol[],
  separator: string,
): boolean {
  const seen = new Set<number>()
  const isFieldText = (symbol: TemplateSymbol | undefined): boolean =>
    symbol !== undefined && symbol !== separator
  const reaches = (i: number, j: number): boolean => {
    const a = left[i]
    const b = right[j]
    if (a === undefined && b === undefined) return true
    const state = i * (right.length + 1) + j
    if (seen.has(state)) return false
    seen.add(state)
    if (a === anyText && reaches(i + 1, j)) return true
    if (b === anyText && reaches(i, j + 1)) return true
    if (a === anyText) return isFieldText(b) && reaches(i, j + 1)
    if (b === anyText) return isFieldText(a) && reaches(i + 1, j)
    return a !== undefined && a === b && reaches(i + 1, j + 1)
  }
  return reaches(0, 0)
}

/** Names of the fields in a template, at type level. */
export type TemplateNames<Template> = Template extends `${string}{${infer Field}}${infer Rest}`
  ? (Field extends `${infer Name}:${string}` ? Name : Field) | TemplateNames<Rest>
  : never
