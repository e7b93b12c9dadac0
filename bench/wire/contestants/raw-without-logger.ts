import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type Connect, operationsOf } from '../works.ts'
import { sdkContestant } from './sdk-commands.ts'

/** The logger middleware copies every answer, also when nothing is logged. */
export const connect: Connect = (target) => {
  const client = new DynamoDBClient(target)
  if (!client.middlewareStack.remove('loggerMiddleware')) throw new Error('there is no loggerMiddleware')
  return operationsOf(sdkContestant(client))
}
