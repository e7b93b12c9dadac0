import type { OperationContext } from '../engine/operation-context.ts'
import { resourceNotFound, type ServiceError } from '../protocol/service-error.ts'
import type { Shard } from './shard.ts'
import type { Stream } from './stream.ts'
import { type Streams, streamsOf } from './streams.ts'

/**
 * Gives the streams of the caller, brought up to the time.
 *
 * @internal
 */
export function currentStreams({ database, clock, streamShards }: OperationContext): Streams {
  const streams = streamsOf(database)
  streams.settle(database.tables, clock.now(), streamShards)
  return streams
}

/**
 * Finds a stream.
 *
 * @param streams - The caller's streams.
 * @param arn - `StreamArn`
 * @throws ServiceError (`ResourceNotFoundException`) when there is none.
 * @internal
 */
export function findStream(streams: Streams, arn: string): Stream {
  const stream = streams.get(arn)
  if (stream === undefined) throw streamNotFound(arn)
  return stream
}

/**
 * Makes the error for a stream that is not there.
 *
 * @internal
 */
export function streamNotFound(arn: string): ServiceError {
  return resourceNotFound(`Requested resource not found: Stream: ${arn} not found`)
}

/**
 * Finds a shard.
 *
 * @param stream - Its stream.
 * @param id - `ShardId`
 * @throws ServiceError (`ResourceNotFoundException`) when there is none, or none any more.
 * @internal
 */
export function findShard(stream: Stream, id: string): Shard {
  const shard = stream.shards.find((one) => one.id === id)
  if (shard === undefined) {
    throw resourceNotFound(
      `Requested resource not found: Shard: ${id} in Stream: ${stream.definition.arn} not found`,
    )
  }
  return shard
}
