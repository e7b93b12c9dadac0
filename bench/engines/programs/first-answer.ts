/** Time from importing the engine to its first answers, in a process that has done nothing else. */
const begun = performance.now()
const { createEngine } = await import('dynakit-local')
const engine = createEngine()
const caller = { accessKeyId: 'bench', region: 'us-east-1' }
await engine.call(
  'CreateTable',
  {
    TableName: 'Bench',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  },
  caller,
)
await engine.call('GetItem', { TableName: 'Bench', Key: { pk: { S: 'a' } } }, caller)
process.send?.({ firstAnswer: performance.now() - begun })
export {}
