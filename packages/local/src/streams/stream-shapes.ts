import { integer, string, type Shape } from '../validation/shape.ts'

/** `StreamArn` */
export const streamArn: Shape<string> = string({ minimum: 37, maximum: 1024 })

/** `ShardId` */
export const shardIdText: Shape<string> = string({ minimum: 28, maximum: 65 })

/** `SequenceNumber` */
export const sequenceNumber: Shape<string> = string({ minimum: 21, maximum: 40 })

/** `ShardIterator` */
export const shardIteratorText: Shape<string> = string({ minimum: 1, maximum: 2048 })

/** `Limit` */
export const positiveInteger: Shape<number> = integer({ minimum: 1 })
