import type { OperationContext } from '../engine/operation-context.ts'
import { validationError } from '../protocol/service-error.ts'
import { currentStreams } from '../streams/find-stream.ts'
import { positiveInteger, streamArn } from '../streams/stream-shapes.ts'
import { tableNameOf } from '../tables/table-arn.ts'
import { tableName } from '../tables/table-shapes.ts'
import { readInput } from '../validation/read-input.ts'
import { structure } from '../validation/shape.ts'

const pageSize = 100
const shape = structure({
  TableName: tableName,
  Limit: positiveInteger,
  ExclusiveStartStreamArn: streamArn,
})

/**
 * Lists streams in the order of their ARNs, a page at a time.
 *
 * @internal
 */
export function listStreams(context: OperationContext, input: Readonly<Record<string, unknown>>): object {
  const { TableName, Limit = pageSize, ExclusiveStartStreamArn: after } = readInput(shape, input)
  if (Limit > pageSize) {
    throw validationError(
      `One or more parameter values were invalid: Limit cannot be greater than the maximum: ${String(pageSize)}`,
    )
  }
  const table = TableName === undefined ? undefined : tableNameOf(context, TableName)
  const streams = currentStreams(context).all.filter(
    ({ tableName: name, definition: { arn } }) =>
      (table === undefined || name === table) && (after === undefined || arn > after),
  )
  const page = streams.slice(0, Limit).map(({ tableName: name, definition }) => ({
    StreamArn: definition.arn,
    TableName: name,
    StreamLabel: definition.label,
  }))
  return {
    Streams: page,
    ...(streams.length > Limit && { LastEvaluatedStreamArn: page.at(-1)?.StreamArn }),
  }
}
