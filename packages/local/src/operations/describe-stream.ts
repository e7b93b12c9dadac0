import type { OperationContext } from '../engine/operation-context.ts'
import { validationError } from '../protocol/service-error.ts'
import { currentStreams, findStream } from '../streams/find-stream.ts'
import { sequenceText } from '../streams/sequence-number.ts'
import type { Shard } from '../streams/shard.ts'
import { positiveInteger, shardIdText, streamArn } from '../streams/stream-shapes.ts'
import type { Stream } from '../streams/stream.ts'
import { readInput } from '../validation/read-input.ts'
import { oneOf, required, structure } from '../validation/shape.ts'

const pageSize = 100
const shape = structure({
  StreamArn: required(streamArn),
  Limit: positiveInteger,
  ExclusiveStartShardId: shardIdText,
  ShardFilter: structure({ Type: oneOf('CHILD_SHARDS'), ShardId: shardIdText }, 'ShardFilter'),
})

/**
 * Describes a stream and its shards, a page of shards at a time.
 *
 * @internal
 */
export function describeStream(context: OperationContext, input: Readonly<Record<string, unknown>>): object {
  const { StreamArn, Limit = pageSize, ExclusiveStartShardId, ShardFilter } = readInput(shape, input)
  if (Limit > pageSize) {
    throw validationError(
      `One or more parameter values were invalid: Limit cannot be greater than the maximum: ${String(pageSize)}`,
    )
  }
  const stream = findStream(currentStreams(context), StreamArn)
  const shards = stream.shards.filter(
    ({ id, parent }) =>
      (ExclusiveStartShardId === undefined || id > ExclusiveStartShardId) &&
      (ShardFilter === undefined || parent === ShardFilter.ShardId),
  )
  const page = shards.slice(0, Limit)
  const { definition, key } = stream.state
  return {
    StreamDescription: {
      StreamArn,
      StreamLabel: definition.label,
      StreamStatus: statusOf(context, stream),
      StreamViewType: definition.view,
      CreationRequestDateTime: definition.enabledAt / 1000,
      TableName: stream.tableName,
      KeySchema: [
        ...key.partition.map(({ name }) => ({ AttributeName: name, KeyType: 'HASH' })),
        ...key.sort.map(({ name }) => ({ AttributeName: name, KeyType: 'RANGE' })),
      ],
      Shards: page.map(describeShard),
      ...(shards.length > Limit && { LastEvaluatedShardId: page.at(-1)?.id }),
    },
  }
}

/** A stream is being switched on or off while its table is being created, updated or deleted. */
function statusOf({ database }: OperationContext, stream: Stream): string {
  const isChanging = database.table(stream.tableName)?.definition.transition !== undefined
  if (stream.closedAt === undefined) return isChanging ? 'ENABLING' : 'ENABLED'
  return isChanging ? 'DISABLING' : 'DISABLED'
}

function describeShard({ id, parent, start, end }: Shard): object {
  return {
    ShardId: id,
    SequenceNumberRange: {
      StartingSequenceNumber: sequenceText(start),
      ...(end !== undefined && { EndingSequenceNumber: sequenceText(end) }),
    },
    ...(parent !== undefined && { ParentShardId: parent }),
  }
}
