import type { OperationContext } from '../engine/operation-context.ts'
import { validationError } from '../protocol/service-error.ts'
import { checkStreamInput, openStream } from './read-stream.ts'
import type { TableDefinition } from './table-definition.ts'
import type { StreamInput } from './table-shapes.ts'

/**
 * Switches the stream of a table on or off.
 *
 * @param context - What the operation works with.
 * @param table - The table.
 * @param request - The request of `UpdateTable`.
 * @throws ServiceError when it already is so.
 * @internal
 */
export function changeStream(
  context: OperationContext,
  table: TableDefinition,
  { StreamSpecification: input }: { readonly StreamSpecification?: StreamInput | undefined },
): TableDefinition {
  if (input === undefined) return table
  checkStreamInput(input)
  const isEnabled = table.stream?.isEnabled === true
  if (input.StreamEnabled) {
    if (isEnabled) throw validationError(`Table already has an enabled stream: TableName: ${table.name}`)
    return { ...table, ...openStream(table.arn, input, context.clock.now()) }
  }
  if (table.stream === undefined || !isEnabled) {
    throw validationError(`Table has no stream to disable: TableName: ${table.name}`)
  }
  return { ...table, stream: { ...table.stream, isEnabled: false } }
}
