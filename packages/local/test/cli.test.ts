import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { afterEach, describe, expect, test } from 'vitest'

const program = fileURLToPath(new URL('../src/cli.ts', import.meta.url))

const running: ChildProcess[] = []
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }>
  /** What it says once it listens. */
  readonly endpoint: Promise<string>
}

function start(...args: readonly string[]): Started {
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.push(child)
  let output = ''
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const endpoint = new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const found = /listens on (\S+)/.exec(output)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
  const ended: Started['ended'] = new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ code, output, errors })
    })
  })
  return { child, ended, endpoint }
}

function client(endpoint: string, region = 'eu-west-1'): DynamoDBClient {
  return new DynamoDBClient({ endpoint, region, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } })
}

const createTable = new CreateTableCommand({
  TableName: 'Kept',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
})

describe('the command', () => {
  test('listens until it is told to end, and keeps its file', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'dynakit-local-'))
    const args = ['--port', '0', '--shared', '--file', path.join(folder, 'data.log')]
    const first = start(...args)
    const endpoint = await first.endpoint
    expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    await client(endpoint).send(createTable)
    first.child.kill('SIGTERM')
    expect(await first.ended).toMatchObject({ code: 0, errors: '' })
    const second = start(...args)
    const other = client(await second.endpoint, 'us-east-1')
    expect(await other.send(new ListTablesCommand())).toMatchObject({ TableNames: ['Kept'] })
    second.child.kill('SIGKILL')
    await second.ended
    rmSync(folder, { recursive: true })
  })

  test('says how it is used', async () => {
    expect(await start('--help').ended).toMatchObject({
      code: 0,
      output: expect.stringContaining('Usage: dynakit-local [options]') as string,
    })
  })

  test.each([
    [['--port', 'x'], '--port: give a number from 0 to 65535.'],
    [['--nope'], "Unknown option '--nope'"],
    [['--file', '/'], 'dynakit-local: '],
  ])('refuses %j', async (args, message) => {
    const { code, errors } = await start(...args).ended
    expect(code).toBe(1)
    expect(errors).toContain(message)
    expect(errors.split('\n')).toHaveLength(2)
  })

  test('says that its port is taken', async () => {
    const port = new URL(await start('--port', '0').endpoint).port
    expect(await start('--port', port).ended).toMatchObject({
      code: 1,
      errors: expect.stringContaining('EADDRINUSE') as string,
    })
  })
})
