import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type Connect, operationsOf } from '../works.ts'
import { sdkContestant } from './sdk-commands.ts'

export const connect: Connect = (target) => operationsOf(sdkContestant(new DynamoDBClient(target)))
