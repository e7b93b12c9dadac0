import type { OperationContext } from '../engine/operation-context.ts'
import { validationError } from '../protocol/service-error.ts'
import { describeRecord, recordSize } from '../streams/describe-record.ts'
import { currentStreams, findShard, findStream } from '../streams/find-stream.ts'
import { readShardIterator, writeShardIterator } from '../streams/shard-iterator.ts'
import type { Shard } from '../streams/shard.ts'
import { positiveInteger, shardIteratorText } from '../streams/stream-shapes.ts'
import type { Stream, StreamRecord } from '../streams/stream.ts'
import { trimmedError } from '../streams/trimmed-error.ts'
import { readInput } from '../validation/read-input.ts'
import { required, structure } from '../validation/shape.ts'

const maximumRecords = 1000
const maximumBytes = 1024 * 1024
const shape = structure({ ShardIterator: required(shardIteratorText), Limit: positiveInteger })

/**
 * Reads records of a shard: at most 1,000, and about 1 MB.
 *
 * @internal
 */
export function getRecords(context: OperationContext, input: Readonly<Record<string, unknown>>): object {
  const { ShardIterator, Limit = maximumRecords } = readInput(shape, input)
  if (Limit > maximumRecords) {
    throw validationError(
      `One or more parameter values were invalid: Limit should be less than or equal to ${String(maximumRecords)}`,
    )
  }
  const now = context.clock.now()
  const { streamArn, shardId, from } = readShardIterator(ShardIterator, now)
  const stream = findStream(currentStreams(context), streamArn)
  const shard = findShard(stream, shardId)
  if (from <= shard.trimmed) throw trimmedError()
  const { records, next } = readPage(stream, shard, from, Limit)
  return {
    Records: records.map((record) => describeRecord(stream, record, context.region)),
    // A closed shard that is read to its end has nothing after that.
    ...(next !== undefined && {
      NextShardIterator: writeShardIterator({ streamArn, shardId, from: next, at: now }),
    }),
  }
}

interface RecordPage {
  readonly records: readonly StreamRecord[]
  /** The sequence number to go on from; undefined at the end of a closed shard. */
  readonly next: number | undefined
}

function readPage(stream: Stream, shard: Shard, from: number, limit: number): RecordPage {
  const records: StreamRecord[] = []
  let bytes = 0
  for (const record of stream.records(shard, from)) {
    bytes += recordSize(record)
    const isFull = records.length === limit || (bytes > maximumBytes && records.length > 0)
    if (isFull) return { records, next: record.sequence }
    records.push(record)
  }
  if (shard.closedAt !== undefined) return { records, next: undefined }
  const last = records.at(-1)
  return { records, next: last === undefined ? from : last.sequence + 1 }
}
