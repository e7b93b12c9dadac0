import { isNativeNumber } from '../codec/native-types.ts'
import type { NativeValue } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import type { FieldCondition } from '../expressions/condition.ts'
import type { Operator } from '../expressions/field-types.ts'
import type { KeyPart } from '../schema/compiled-entity.ts'
import { renderField, type TemplateField } from '../schema/key-template.ts'
import type { KeyType } from '../schema/table.ts'
import { equalityOn, type FieldConditions, valueOf } from './field-conditions.ts'

/** A condition on one key attribute. */
export interface KeyComparison {
  readonly attribute: string
  readonly operator: Operator
  readonly values: readonly NativeValue[]
  /** The condition in words without values, for explanations. */
  readonly text: string
}

/** What the conditions say about one sort key attribute. */
export interface SortMatch {
  readonly comparison: KeyComparison
  /** Conditions the comparison answers completely; others that it narrows must be checked again. */
  readonly answered: readonly FieldCondition[]
  /** How much it narrows: the whole value, a part of it, or only the template's literal text. */
  readonly strength: 'value' | 'range' | 'prefix'
}

/** Lower and upper bounds of a field. */
interface Bounds {
  readonly lower: FieldCondition | undefined
  readonly upper: FieldCondition | undefined
}

/**
 * Finds the condition on a sort key attribute that the conditions on its fields lead to.
 *
 * @param part - The sort key attribute.
 * @param conditions - The query's conditions.
 * @returns The match, or `undefined` when nothing is said about it.
 * @internal
 */
export function matchSortPart(part: KeyPart, conditions: FieldConditions): SortMatch | undefined {
  return part.template && part.template.parts.length > 0 && !copiesField(part)
    ? matchTemplate(part, conditions)
    : matchDirect(part, part.fields[0] ?? part.attribute, conditions)
}

function copiesField(part: KeyPart): boolean {
  const [only] = part.template?.parts ?? []
  return part.template?.parts.length === 1 && typeof only === 'object' && only.width === undefined
}

function matchDirect(part: KeyPart, field: string, conditions: FieldConditions): SortMatch | undefined {
  const equality = equalityOn(conditions, field)
  const equal = equality && valueOf(equality)
  if (equality && equal !== undefined && hasKeyType(part.type, equal)) {
    return match(part, '=', [equal], [equality], 'value', field)
  }
  const candidates = (conditions.byField.get(field) ?? []).filter((condition) =>
    condition.operands.every((_, at) => hasKeyType(part.type, valueOf(condition, at))),
  )
  const single = candidates.find(({ operator }) => operator === 'between' || operator === 'begins_with')
  if (single) {
    return match(part, single.operator, values(single), [single], 'range', field)
  }
  return matchBounds(part, field, boundsOf(candidates))
}

function matchBounds(part: KeyPart, field: string, { lower, upper }: Bounds): SortMatch | undefined {
  const low = lower && valueOf(lower)
  const high = upper && valueOf(upper)
  if (lower && upper && low !== undefined && high !== undefined) {
    const inclusive = [lower, upper].filter(({ operator }) => operator.endsWith('='))
    return match(part, 'between', [low, high], inclusive, 'range', field)
  }
  const only = lower ?? upper
  return only && match(part, only.operator, values(only), [only], 'range', field)
}

function match(
  part: KeyPart,
  operator: Operator,
  operandValues: readonly NativeValue[],
  answered: readonly FieldCondition[],
  strength: SortMatch['strength'],
  text: string,
): SortMatch {
  return {
    comparison: {
      attribute: part.attribute,
      operator,
      values: operandValues,
      text: part.template ? `${operator} '${text}'` : `${operator} ?`,
    },
    answered,
    strength,
  }
}

function boundsOf(conditions: readonly FieldCondition[]): Bounds {
  const first = (...operators: Operator[]): FieldCondition | undefined =>
    conditions.find(({ operator }) => operators.includes(operator))
  return { lower: first('>', '>='), upper: first('<', '<=') }
}

function values(condition: FieldCondition): readonly NativeValue[] {
  return condition.operands.flatMap((_, at) => {
    const value = valueOf(condition, at)
    return value === undefined ? [] : [value]
  })
}

function hasKeyType(type: KeyType, value: NativeValue | undefined): boolean {
  if (type === 'number') return isNativeNumber(value)
  return type === 'string' ? typeof value === 'string' : value instanceof Uint8Array
}

/* ---- templates ---- */

/** The part of a template that the equalities fix, and the first field they do not. */
interface FixedText {
  readonly text: string
  /** The text as in the template, for explanations. */
  readonly source: string
  readonly answered: readonly FieldCondition[]
  readonly next: TemplateField | undefined
  readonly nextIsLast: boolean
}

function matchTemplate(part: KeyPart, conditions: FieldConditions): SortMatch | undefined {
  const fixed = fixText(part, conditions)
  if (!fixed.next) return match(part, '=', [fixed.text], fixed.answered, 'value', fixed.source)
  const range = matchTemplateField(part, fixed, fixed.next, conditions)
  if (range) return range
  if (fixed.text === '') return undefined
  const strength = fixed.answered.length > 0 ? 'range' : 'prefix'
  return match(part, 'begins_with', [fixed.text], fixed.answered, strength, fixed.source)
}

function fixText(part: KeyPart, conditions: FieldConditions): FixedText {
  const { parts = [], separator = '' } = part.template ?? {}
  let text = ''
  let source = ''
  const answered: FieldCondition[] = []
  for (const [at, piece] of parts.entries()) {
    if (typeof piece === 'string') {
      text += piece
      source += piece
      continue
    }
    const equality = equalityOn(conditions, piece.field)
    const written = equality && fieldText(piece, valueOf(equality), separator)
    if (!equality || written === undefined) {
      return { text, source, answered, next: piece, nextIsLast: at === parts.length - 1 }
    }
    text += written
    source += fieldSource(piece)
    answered.push(equality)
  }
  return { text, source, answered, next: undefined, nextIsLast: false }
}

function fieldSource({ field, width }: TemplateField): string {
  return width === undefined ? `{${field}}` : `{${field}:${String(width)}}`
}

function matchTemplateField(
  part: KeyPart,
  fixed: FixedText,
  field: TemplateField,
  conditions: FieldConditions,
): SortMatch | undefined {
  const candidates = conditions.byField.get(field.field) ?? []
  const prefix = candidates.find((condition) => isPrefixOf(field, condition, part.template?.separator ?? ''))
  if (prefix) {
    const text = fixed.text + (valueOf(prefix) as string)
    return match(
      part,
      'begins_with',
      [text],
      [...fixed.answered, prefix],
      'range',
      fixed.source + fieldSource(field),
    )
  }
  return fixed.nextIsLast ? templateRange(part, fixed, field, candidates) : undefined
}

/** One end of a range in a template: the condition it comes from and its text. */
interface TemplateBound {
  readonly condition: FieldCondition
  readonly text: string
}

function templateRange(
  part: KeyPart,
  fixed: FixedText,
  field: TemplateField,
  candidates: readonly FieldCondition[],
): SortMatch | undefined {
  const between = candidates.find(({ operator }) => operator === 'between')
  const bounds = between ? { lower: between, upper: between } : boundsOf(candidates)
  const lower = templateBound(field, bounds.lower, 0)
  const upper = templateBound(field, bounds.upper, between ? 1 : 0)
  if (!lower && !upper) return undefined
  const from = fixed.text + (lower?.text ?? '')
  const to = upper ? fixed.text + upper.text : textAfter(fixed.text)
  const source = fixed.source + fieldSource(field)
  const used = [...new Set([lower, upper].flatMap((bound) => (bound ? [bound.condition] : [])))]
  // Exact only when both ends are given and belong to the range: then every text between has the prefix.
  const isExact = ({ operator }: FieldCondition): boolean =>
    lower !== undefined && upper !== undefined && (operator === 'between' || operator.endsWith('='))
  return {
    ...rangeComparison(part, from, to, source),
    answered: [...fixed.answered, ...used.filter(isExact)],
  }
}

/** DynamoDB takes no empty text in a key condition, so an open end is left open. */
function rangeComparison(part: KeyPart, from: string, to: string | undefined, source: string): SortMatch {
  if (to === undefined) return match(part, '>=', [from], [], 'range', source)
  if (from === '') return match(part, '<=', [to], [], 'range', source)
  return match(part, 'between', [from, to], [], 'range', source)
}

function templateBound(
  field: TemplateField,
  condition: FieldCondition | undefined,
  position: number,
): TemplateBound | undefined {
  const text = condition && boundText(field, valueOf(condition, position))
  return condition && text !== undefined ? { condition, text } : undefined
}

function isPrefixOf(
  field: TemplateField,
  { operator, operands }: FieldCondition,
  separator: string,
): boolean {
  if (operator !== 'begins_with' || field.width !== undefined) return false
  const [operand] = operands
  const value = operand && 'value' in operand ? operand.value : undefined
  return typeof value === 'string' && !value.includes(separator)
}

/** A bound as text in key order, or `undefined` when its order in the key is not the field's order. */
function boundText(field: TemplateField, value: NativeValue | undefined): string | undefined {
  if (field.width === undefined) return typeof value === 'string' ? value : undefined
  return fieldText(field, value, '')
}

/** A field as it stands in the key, or `undefined` when no stored key can hold the value. */
function fieldText(
  field: TemplateField,
  value: NativeValue | undefined,
  separator: string,
): string | undefined {
  try {
    return value === undefined ? undefined : renderField(field, value, separator)
  } catch (error) {
    if (ValidationError.is(error)) return undefined
    throw error
  }
}

const lastCodePoint = 0x10ffff
const surrogates = { first: 0xd800, last: 0xdfff }

/** The first text after every text with a prefix, or `undefined` when there is none. */
function textAfter(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0)
  while (points.at(-1) === lastCodePoint) points.pop()
  const last = points.pop()
  if (last === undefined) return undefined
  const next = last + 1 === surrogates.first ? surrogates.last + 1 : last + 1
  return String.fromCodePoint(...points, next)
}
