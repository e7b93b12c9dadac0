import { Pool } from 'undici'
import { send } from './send.ts'

/** Requests a second that an engine answered. */
export interface Throughput {
  readonly put: number
  readonly get: number
}

const TableName = 'Bench'
const connections = 16
const items = 10_000

/** Creates the table of the measurements. */
export function createTable(endpoint: string): Promise<unknown> {
  return send(endpoint, 'CreateTable', {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
  })
}

/** Puts and gets items of about 200 bytes over 16 connections, each for so many milliseconds. */
export async function measureThroughput(endpoint: string, milliseconds: number): Promise<Throughput> {
  const pool = new Pool(endpoint, { connections, pipelining: 1 })
  const keyOf = (at: number): object => ({ pk: { S: `user#${String(at % items)}` }, sk: { S: 'profile' } })
  const rate = async (operation: string, input: (at: number) => object): Promise<number> => {
    let done = 0
    const begun = performance.now()
    const end = begun + milliseconds
    const worker = async (): Promise<void> => {
      while (performance.now() < end) await send(endpoint, operation, input(done++), pool)
    }
    await Promise.all(Array.from({ length: connections }, worker))
    return (done / (performance.now() - begun)) * 1000
  }
  const Item = {
    name: { S: 'Ada Lovelace' },
    age: { N: '36' },
    tags: { SS: ['a', 'b'] },
    bio: { S: 'x'.repeat(120) },
  }
  try {
    await rate('PutItem', (at) => ({ TableName, Item: { ...keyOf(at), ...Item } }))
    const put = await rate('PutItem', (at) => ({ TableName, Item: { ...keyOf(at), ...Item } }))
    return { put, get: await rate('GetItem', (at) => ({ TableName, Key: keyOf(at) })) }
  } finally {
    await pool.close()
  }
}
