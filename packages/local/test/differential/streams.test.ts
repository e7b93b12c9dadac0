import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../src/index.ts'
import { ServiceError } from '../../src/protocol/service-error.ts'
import { answerOf, canonical } from './compare-answers.ts'
import { startOracle, type Ask, type Oracle } from './oracle.ts'
import { randomRequest, type Request } from './random-requests.ts'
import { createTableInput, randomSchema } from './random-schema.ts'
import { Random } from './random.ts'

const tables = Number(process.env.DYNAKIT_DIFFERENTIAL_STREAMS ?? 12)
const seed = Number(process.env.DYNAKIT_DIFFERENTIAL_SEED ?? 1)
const requestsPerTable = 60
const views = ['NEW_AND_OLD_IMAGES', 'NEW_IMAGE', 'OLD_IMAGE', 'KEYS_ONLY']

const engine = createEngine()
const ours: Ask = async (operation, input) => {
  try {
    const request = JSON.parse(JSON.stringify(input)) as Record<string, unknown>
    const output = await engine.call(operation, request, { accessKeyId: 'differential', region: 'us-east-1' })
    return { output: JSON.parse(JSON.stringify(output)) as Record<string, unknown> }
  } catch (error) {
    if (error instanceof ServiceError) return { error: { name: error.name, message: error.message } }
    throw error
  }
}

let oracle: Oracle | undefined
beforeAll(async () => {
  oracle = await startOracle()
}, 60_000)
afterAll(() => oracle?.stop())

interface StreamRecord {
  readonly eventName: string
  readonly dynamodb: Readonly<Record<string, unknown>>
}

/** What the stream of a table says of each of its items, in order. */
async function changesByKey(ask: Ask, arn: string): Promise<Map<string, string[]>> {
  const request = (operation: string, input: object): Request => ({ operation, input: input as never })
  const byKey = new Map<string, string[]>()
  const described = (await ask('DescribeStream', { StreamArn: arn })).output as {
    StreamDescription: { Shards: { ShardId: string }[] }
  }
  for (const { ShardId } of described.StreamDescription.Shards) {
    const place = { StreamArn: arn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }
    const found = (await ask('GetShardIterator', place)).output as { ShardIterator: string }
    let iterator: string | undefined = found.ShardIterator
    while (iterator !== undefined) {
      const page = (await ask('GetRecords', { ShardIterator: iterator, Limit: 7 })).output as {
        Records: StreamRecord[]
        NextShardIterator?: string
      }
      for (const { eventName, dynamodb } of page.Records) {
        const { Keys, SequenceNumber: _, ApproximateCreationDateTime: __, ...rest } = dynamodb
        const key = canonical(request('', {}), { output: Keys as Record<string, unknown> })
        const change = canonical(request('', {}), { output: { eventName, ...rest } })
        byKey.set(key, [...(byKey.get(key) ?? []), withoutEmptyTypes(change)])
      }
      iterator = page.Records.length === 0 ? undefined : page.NextShardIterator
    }
  }
  return byKey
}

/** In streams, DynamoDB Local leaves out the type of empty maps and lists. */
function withoutEmptyTypes(change: string): string {
  return change.replaceAll('{"M":{}}', '{}').replaceAll('{"L":[]}', '{}')
}

describe('against DynamoDB Local', () => {
  test(
    `the streams of ${String(tables)} random tables say the same of random writes`,
    async ({ skip }) => {
      if (oracle === undefined) return skip('needs Java 17, which is not installed')
      const theirs = oracle.ask
      let changes = 0
      for (let table = seed; table < seed + tables; table += 1) {
        const random = new Random(table)
        const schema = randomSchema(random, `Stream${String(table)}`)
        const StreamSpecification = { StreamEnabled: true, StreamViewType: views[table % views.length] }
        const input = { ...createTableInput(schema), StreamSpecification }
        const created = await Promise.all([ours('CreateTable', input), theirs('CreateTable', input)])
        if (created.some(({ error }) => error !== undefined)) continue
        for (let step = 0; step < requestsPerTable; step += 1) {
          const request = randomRequest(random, schema)
          const [our, their] = await Promise.all([answerOf(ours, request), answerOf(theirs, request)])
          // Whether answers are right is for other tests to tell; from here on the tables would differ.
          if ((our.error === undefined) !== (their.error === undefined)) break
        }
        const [our, their] = await Promise.all(
          created.map(({ output }, at) => {
            const { LatestStreamArn } = (output as { TableDescription: { LatestStreamArn: string } })
              .TableDescription
            return changesByKey(at === 0 ? ours : theirs, LatestStreamArn)
          }),
        )
        expect({ table, changes: [...our!].sort() }).toEqual({ table, changes: [...their!].sort() })
        for (const list of our!.values()) changes += list.length
        const name = { TableName: schema.tableName }
        await Promise.all([ours('DeleteTable', name), theirs('DeleteTable', name)])
      }
      expect(changes).toBeGreaterThan(tables * 10)
    },
    60_000 + tables * 5000,
  )
})
