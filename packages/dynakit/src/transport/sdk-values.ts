import { decodeItem } from '../codec/decode.ts'
import { encodeItem } from '../codec/encode.ts'
import type { NumberMode } from '../codec/number.ts'
import { convertItems } from '../codec/wire-shape.ts'
import type { OperationName, WireInput, WireOutput } from './transport.ts'
import { answerShape, requestShape } from './wire-shapes.ts'

/**
 * Encodes the attribute values of a request.
 *
 * @internal
 */
export function encodeInput(operation: OperationName, input: WireInput): Record<string, unknown> {
  return convertItems(input, requestShape(operation), encodeItem) as Record<string, unknown>
}

/**
 * Decodes the attribute values of an answer.
 *
 * @internal
 */
export function decodeOutput(operation: OperationName, output: WireOutput, numbers: NumberMode): WireOutput {
  const decode = (item: Parameters<typeof decodeItem>[0]): unknown => decodeItem(item, numbers)
  return convertItems(output, answerShape(operation), decode) as WireOutput
}
