import type { OperationContext } from '../engine/operation-context.ts'
import { validationError } from '../protocol/service-error.ts'
import { currentStreams, findShard, findStream } from '../streams/find-stream.ts'
import { sequenceCount } from '../streams/sequence-number.ts'
import { writeShardIterator } from '../streams/shard-iterator.ts'
import type { Shard } from '../streams/shard.ts'
import { sequenceNumber, shardIdText, streamArn } from '../streams/stream-shapes.ts'
import { trimmedError } from '../streams/trimmed-error.ts'
import { readInput } from '../validation/read-input.ts'
import { oneOf, required, structure, type TypeOf } from '../validation/shape.ts'

const shape = structure({
  StreamArn: required(streamArn),
  ShardId: required(shardIdText),
  ShardIteratorType: required(oneOf('AFTER_SEQUENCE_NUMBER', 'AT_SEQUENCE_NUMBER', 'LATEST', 'TRIM_HORIZON')),
  SequenceNumber: sequenceNumber,
})

/**
 * Gives a place in a shard to read from.
 *
 * @internal
 */
export function getShardIterator(
  context: OperationContext,
  input: Readonly<Record<string, unknown>>,
): object {
  const request = readInput(shape, input)
  const stream = findStream(currentStreams(context), request.StreamArn)
  const shard = findShard(stream, request.ShardId)
  const from = placeOf(request, shard, stream.upcoming)
  const iterator = { streamArn: request.StreamArn, shardId: shard.id, from, at: context.clock.now() }
  return { ShardIterator: writeShardIterator(iterator) }
}

function placeOf(request: TypeOf<typeof shape>, shard: Shard, upcoming: number): number {
  const { ShardIteratorType: type, SequenceNumber: text } = request
  if (type === 'LATEST' || type === 'TRIM_HORIZON') {
    if (text === undefined) return type === 'LATEST' ? upcoming : Math.max(shard.start, shard.trimmed + 1)
    throw validationError(
      'One or more parameter values were invalid: SequenceNumber should not be passed for this iterator type',
    )
  }
  const count = text === undefined ? undefined : sequenceCount(text)
  if (count === undefined) {
    throw validationError('One or more parameter values were invalid: Invalid SequenceNumber')
  }
  if (count < shard.start || count > (shard.end ?? upcoming)) {
    throw validationError('Invalid SequenceNumber for the shard')
  }
  if (count <= shard.trimmed) throw trimmedError()
  return type === 'AT_SEQUENCE_NUMBER' ? count : count + 1
}
