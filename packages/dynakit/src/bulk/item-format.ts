import { readOutput } from '../codec/read-json.ts'
import type { NativeItem } from '../codec/native-value.ts'
import { Decimal } from '../codec/decimal.ts'
import { writeItem } from '../codec/write-json.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import type { WireShape } from '../codec/wire-shape.ts'

/**
 * How items are written, one per line.
 *
 * - `dynamodb`: `{"Item":{"id":{"S":"p1"}}}`, as DynamoDB's own exports and imports have it; keeps every type;
 * - `json`: `{"id":"p1"}`; for text, numbers, booleans, null, lists and maps only.
 */
export type ItemFormat = 'dynamodb' | 'json'

const lineShape: WireShape = { members: { Item: 'item' } }

/**
 * Writes an item as a line.
 *
 * @param item - A stored item for `dynamodb`, an item as the application holds it for `json`.
 * @returns The line with its end.
 * @throws ValidationError when the format cannot hold a value.
 * @internal
 */
export function writeLine(item: object, format: ItemFormat): string {
  if (format === 'dynamodb') return `{"Item":${writeItem(item as NativeItem)}}\n`
  return `${JSON.stringify(item, refuseLoss)}\n`
}

/** What JSON would lose is refused rather than changed. A `Date` has become text by its `toJSON`. */
function refuseLoss(this: unknown, name: string, value: unknown): unknown {
  const given = (this as Record<string, unknown>)[name]
  const isLost =
    typeof given === 'bigint' || given instanceof Set || given instanceof Uint8Array || Decimal.is(given)
  if (!isLost) return value
  throw new ValidationError(
    `${name}: JSON has no type for ${valueType(given)}. Export with format 'dynamodb', which keeps every type.`,
    { rule: 'json-type', field: name, valueType: valueType(given) },
  )
}

/**
 * Reads an item from a line.
 *
 * @param line - The line.
 * @param format - How it is written.
 * @returns The item.
 * @throws ValidationError when it is not an item in this format.
 * @internal
 */
export function readLine(line: string, format: ItemFormat): NativeItem {
  const item = parse(line, format)
  if (typeof item === 'object' && item !== null && !Array.isArray(item)) return item as NativeItem
  throw notAnItem(format)
}

function parse(line: string, format: ItemFormat): unknown {
  try {
    return format === 'json'
      ? (JSON.parse(line) as unknown)
      : readOutput(Buffer.from(line), lineShape, 'exact').Item
  } catch (error) {
    // The parser quotes what it has read.
    throw ValidationError.is(error) ? error : notAnItem(format)
  }
}

function notAnItem(format: ItemFormat): ValidationError {
  const form = format === 'json' ? 'a JSON object' : '{"Item":{...}} with typed attribute values'
  return new ValidationError(`the line is not ${form}.`, { rule: 'import-line' })
}
