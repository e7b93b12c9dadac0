import { createHash } from 'node:crypto'
import { itemSize } from '../values/size.ts'
import { sequenceText } from './sequence-number.ts'
import type { Stream, StreamRecord } from './stream.ts'

/** The identity under which time to live deletes. */
const service = { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' }

/**
 * Counts the bytes of a record: its keys and images.
 *
 * @internal
 */
export function recordSize({ key, before, after }: StreamRecord): number {
  return itemSize(key) + (before ? itemSize(before) : 0) + (after ? itemSize(after) : 0)
}

/**
 * Writes a record as the API has it.
 *
 * @param stream - The stream it is of.
 * @param record - The record.
 * @param region - Where the stream is.
 * @internal
 */
export function describeRecord(stream: Stream, record: StreamRecord, region: string): object {
  const { arn, view } = stream.definition
  const sequence = sequenceText(record.sequence)
  return {
    eventID: createHash('md5').update(`${arn} ${sequence}`).digest('hex'),
    eventName: record.kind,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(record.at / 1000),
      Keys: record.key,
      ...(record.after !== undefined && { NewImage: record.after }),
      ...(record.before !== undefined && { OldImage: record.before }),
      SequenceNumber: sequence,
      SizeBytes: recordSize(record),
      StreamViewType: view,
    },
    ...(record.byTimeToLive && { userIdentity: service }),
  }
}
