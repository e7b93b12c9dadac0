import { decodeItem } from '../codec/decode.ts'
import { encodeItem } from '../codec/encode.ts'
import type { NativeItem } from '../codec/native-value.ts'
import type { NumberMode } from '../codec/number.ts'
import type { WireInput, WireOutput } from './transport.ts'

type WireMap = Parameters<typeof decodeItem>[0]

/** Members of requests and answers that hold one map of attributes. */
const maps: ReadonlySet<string> = new Set([
  'Key',
  'Item',
  'Attributes',
  'ExclusiveStartKey',
  'LastEvaluatedKey',
  'ExpressionAttributeValues',
])

/** Members of answers that hold a list of maps of attributes. */
const mapLists: ReadonlySet<string> = new Set(['Items'])

/**
 * Encodes the attribute values of a request.
 *
 * @internal
 */
export function encodeInput(input: WireInput): Record<string, unknown> {
  const encoded: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined) continue
    encoded[name] = maps.has(name) ? encodeItem(value as NativeItem) : value
  }
  return encoded
}

/**
 * Decodes the attribute values of an answer.
 *
 * @internal
 */
export function decodeOutput(output: WireOutput, numbers: NumberMode): WireOutput {
  const decoded: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(output)) {
    if (value === undefined) continue
    decoded[name] = decodeMember(name, value, numbers)
  }
  return decoded
}

function decodeMember(name: string, value: unknown, numbers: NumberMode): unknown {
  if (maps.has(name)) return decodeItem(value as WireMap, numbers)
  if (mapLists.has(name)) return (value as WireMap[]).map((item) => decodeItem(item, numbers))
  return value
}
