import type { Engine } from '../../src/index.ts'

export const caller = { accessKeyId: 'test', region: 'eu-west-1' }

/** Sends a request. */
export const call = async <Output = Record<string, unknown>>(
  engine: Engine,
  operation: string,
  input: object,
  who = caller,
): Promise<Output> => (await engine.call(operation, input as never, who)) as Output

/** Everything that can be asked of an engine about its tables and streams. */
export async function everything(engine: Engine, who = caller): Promise<unknown> {
  const { TableNames } = await call<{ TableNames: string[] }>(engine, 'ListTables', {}, who)
  const tables = []
  for (const TableName of TableNames) {
    tables.push(await call(engine, 'DescribeTable', { TableName }, who))
    tables.push(await call(engine, 'DescribeTimeToLive', { TableName }, who))
    tables.push(await scan(engine, { TableName }, who))
    tables.push(await scan(engine, { TableName, IndexName: 'byStatus' }, who))
  }
  const { Streams } = await call<{ Streams: { StreamArn: string }[] }>(engine, 'ListStreams', {}, who)
  const streams = []
  for (const { StreamArn } of Streams) streams.push(await stream(engine, StreamArn, who))
  return { tables, streams }
}

/** Tables and indexes that are being created cannot be read; that is an answer too. */
async function scan(engine: Engine, input: object, who: typeof caller): Promise<unknown> {
  try {
    return await call(engine, 'Scan', input, who)
  } catch (error) {
    return String(error)
  }
}

interface Description {
  readonly StreamDescription: { readonly Shards: { readonly ShardId: string }[] }
}

async function stream(engine: Engine, StreamArn: string, who: typeof caller): Promise<unknown> {
  const description = await call<Description>(engine, 'DescribeStream', { StreamArn }, who)
  const records = []
  for (const { ShardId } of description.StreamDescription.Shards) {
    const position = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }
    const { ShardIterator } = await call(engine, 'GetShardIterator', position, who)
    const { Records } = await call(engine, 'GetRecords', { ShardIterator }, who)
    records.push(Records)
  }
  return { description, records }
}
