import { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb'
import { describe, expect, test } from 'vitest'
import type { Call } from './call.ts'
import { LostAnswer } from './lost-answer.ts'
import { requestHandler } from './request-handler.ts'
import { ServiceError } from './service-error.ts'

const requests: { operation: string; input: unknown; accessKeyId: string; region: string }[] = []

const call: Call = async (operation, input, { accessKeyId, region, signal }) => {
  requests.push({ operation, input, accessKeyId, region })
  switch (input.TableName) {
    case 'busy':
      throw new ServiceError('ProvisionedThroughputExceededException', 'Too much', {
        details: {
          ThrottlingReasons: [{ reason: 'TableReadProvisionedThroughputExceeded', resource: 'arn' }],
        },
      })
    case 'reset':
      throw new LostAnswer('reset')
    case 'silent':
      throw new LostAnswer('silence')
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, 20))
      if (signal?.aborted === true) throw new LostAnswer('reset')
      return {}
    default:
      if (operation === 'TransactWriteItems') {
        throw new ServiceError('TransactionCanceledException', 'Transaction cancelled', {
          details: {
            CancellationReasons: [
              { Code: 'None' },
              { Code: 'ConditionalCheckFailed', Item: { id: { S: '2' } } },
            ],
          },
        })
      }
      return { Item: { bytes: { B: 'AAEC' }, text: { S: '€' } } }
  }
}

const client = (maxAttempts = 1, requestTimeout?: number): DynamoDBClient =>
  new DynamoDBClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'KEY', secretAccessKey: 'secret' },
    maxAttempts,
    requestHandler: requestHandler(call, { requestTimeout }),
  })

const get = (TableName: string): GetItemCommand => new GetItemCommand({ TableName, Key: { id: { S: '1' } } })

describe('a client of the AWS SDK with the request handler', () => {
  test('reaches the engine without a socket', async () => {
    const output = await client().send(get('T'))
    expect(output.Item).toEqual({ bytes: { B: new Uint8Array([0, 1, 2]) }, text: { S: '€' } })
    expect(output.$metadata.requestId).toMatch(/^[0-9A-Z]{52}$/)
    expect(requests.at(-1)).toEqual({
      operation: 'GetItem',
      input: { TableName: 'T', Key: { id: { S: '1' } } },
      accessKeyId: 'KEY',
      region: 'eu-west-1',
    })
  })

  test('gets typed errors with all their members', async () => {
    const transaction = new TransactWriteItemsCommand({ TransactItems: [] })
    await expect(client().send(transaction)).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message: 'Transaction cancelled',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { id: { S: '2' } } }],
    })
  })

  test('retries by its own policy', async () => {
    const before = requests.length
    await expect(client(3).send(get('busy'))).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      $metadata: { attempts: 3 },
    })
    expect(requests.length - before).toBe(3)
    await expect(client(2).send(get('reset'))).rejects.toMatchObject({
      code: 'ECONNRESET',
      $metadata: { attempts: 2 },
    })
    expect(requests.length - before).toBe(5)
  })

  test('gives up by its own timeout or signal', async () => {
    await expect(client(1, 20).send(get('silent'))).rejects.toMatchObject({ name: 'TimeoutError' })
    for (const tableName of ['silent', 'slow']) {
      const abortSignal = AbortSignal.timeout(5)
      await expect(client().send(get(tableName), { abortSignal })).rejects.toMatchObject({
        name: 'AbortError',
      })
    }
    await expect(client().send(get('T'), { abortSignal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
  })
})
