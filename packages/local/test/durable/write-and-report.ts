/**
 * Writes to an engine with a file for ever, and says of each write that it was answered. The test kills it.
 *
 *   node --import tsx write-and-report.ts <file> <first id>
 */
import { writeSync } from 'node:fs'
import { createEngine } from '../../src/index.ts'

const [file = '', first = '0'] = process.argv.slice(2)
const caller = { accessKeyId: 'test', region: 'eu-west-1' }
const engine = createEngine({ file })

async function main(): Promise<void> {
  const { TableNames } = (await engine.call('ListTables', {}, caller)) as { TableNames: string[] }
  if (TableNames.length === 0) {
    await engine.call(
      'CreateTable',
      {
        TableName: 'Writes',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'N' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
      },
      caller,
    )
  }
  for (let id = Number(first); ; id += 1) {
    await engine.call(
      'TransactWriteItems',
      {
        ClientRequestToken: `token ${String(id)}`,
        TransactItems: [
          {
            Put: { TableName: 'Writes', Item: { id: { N: String(id) }, text: { S: 'x'.repeat(id % 3000) } } },
          },
          {
            Update: {
              TableName: 'Writes',
              Key: { id: { N: '-1' } },
              UpdateExpression: 'ADD writes :one',
              ExpressionAttributeValues: { ':one': { N: '1' } },
            },
          },
        ],
      },
      caller,
    )
    // Written at once, so that what was said before the end was said.
    writeSync(1, `${String(id)}\n`)
    // Lets the process be busy with other things too.
    if (id % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
}

await main()
