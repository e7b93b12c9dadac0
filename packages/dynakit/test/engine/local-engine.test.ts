import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { ConfigurationError, createAdapter, defineTable } from 'dynakit'
import { startLocalEngine } from 'dynakit/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { dockerEngine } from '../../src/testing/docker-engine.ts'
import { javaEngine } from '../../src/testing/java-engine.ts'
import { supervise } from '../../src/testing/supervisor.ts'
import { describeWithJava } from '../with-java.ts'
import { failure } from './shop.ts'

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function untilGone(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 200 && isAlive(pid); attempt++)
    await new Promise((resolve) => setTimeout(resolve, 25))
  return !isAlive(pid)
}

/** Runs a program that starts an engine and prints its process id. */
async function startInChild(): Promise<{ readonly child: ChildProcess; readonly engine: number }> {
  const program = fileURLToPath(new URL('start-and-wait.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', program], {
    env: { ...process.env, DYNAMODB_ENDPOINT: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const engine = await new Promise<string>((resolve) =>
    child.stdout.setEncoding('utf8').once('data', resolve),
  )
  return { child, engine: Number(engine) }
}

describe('the embedded engine', () => {
  beforeEach(() => {
    vi.stubEnv('DYNAMODB_ENDPOINT', '')
    vi.stubEnv('DYNAKIT_ENGINE', '')
  })
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  test('is what is started unless another one is asked for; each has its own tables', async () => {
    const [one, other] = await Promise.all([startLocalEngine(), startLocalEngine({ engine: 'embedded' })])
    expect(one).toMatchObject({ source: 'embedded', pid: process.pid })
    expect(one.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const db = createAdapter(one.clientConfig)
    await db.tables.create(defineTable({ name: 'Things', partitionKey: { name: 'id', type: 'string' } }))
    expect(await db.tables.list()).toEqual(['Things'])
    const elsewhere = createAdapter({ ...one.clientConfig, endpoint: other.endpoint })
    expect(await elsewhere.tables.list()).toEqual([])
    await Promise.all([db.close(), elsewhere.close(), one.stop(), other.stop()])
  })

  test('keeps no process alive', async () => {
    const program = fileURLToPath(new URL('start-and-leave.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', 'tsx', program], { stdio: 'ignore' })
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0)
  })

  test('an engine nobody knows is refused with those that are', async () => {
    vi.stubEnv('DYNAKIT_ENGINE', 'dynalite')
    const error = await failure(() => startLocalEngine())
    expect(ConfigurationError.is(error)).toBe(true)
    expect(error.message).toContain("'dynalite' is no engine")
  })
})

describeWithJava('an engine started with Java', () => {
  beforeEach(() => {
    vi.stubEnv('DYNAMODB_ENDPOINT', '')
    vi.stubEnv('DYNAKIT_ENGINE', 'dynamodb-local')
  })
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  test('answers, and is gone after stop', async () => {
    const engine = await startLocalEngine()
    expect(engine.source).toBe('java')
    expect(engine.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const db = createAdapter(engine.clientConfig)
    expect(await db.tables.list()).toEqual([])
    await db.close()
    expect(isAlive(engine.pid ?? 0)).toBe(true)
    await engine.stop()
    expect(await untilGone(engine.pid ?? 0)).toBe(true)
  })

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'does not outlive the process that started it: %s',
    async (signal) => {
      const { child, engine } = await startInChild()
      expect(isAlive(engine)).toBe(true)
      child.kill(signal)
      expect(await untilGone(engine)).toBe(true)
    },
  )

  test('does not keep a process alive that has nothing left to do', async () => {
    const program = fileURLToPath(new URL('start-and-leave.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', 'tsx', program], {
      env: { ...process.env, DYNAMODB_ENDPOINT: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const engine = await new Promise<string>((resolve) =>
      child.stdout.setEncoding('utf8').once('data', resolve),
    )
    const code = await new Promise((resolve) => child.once('exit', resolve))
    expect(code).toBe(0)
    expect(await untilGone(Number(engine))).toBe(true)
  })

  test('nothing found: one error with every remedy', async () => {
    vi.stubEnv('PATH', '/nowhere')
    vi.stubEnv('JAVA_HOME', '')
    const error = await failure(() => startLocalEngine())
    expect(ConfigurationError.is(error)).toBe(true)
    expect(error.message).toMatch(
      /DYNAMODB_ENDPOINT.*Java: 'java' was not found.*Remedy: install Java 17.*Docker.*Remedy: install and start Docker/s,
    )
  })
})

describe('an engine that runs already', () => {
  test('is used, and left running', async () => {
    const running = await startLocalEngine()
    expect(running).toMatchObject({
      source: 'endpoint',
      pid: undefined,
      endpoint: process.env.DYNAMODB_ENDPOINT,
    })
    await running.stop()
    const again = await startLocalEngine({ endpoint: running.endpoint })
    expect(again.clientConfig.credentials.accessKeyId).not.toBe(running.clientConfig.credentials.accessKeyId)
  })

  test('that does not answer is an error', async () => {
    const error = await failure(() => startLocalEngine({ endpoint: 'http://127.0.0.1:1', startTimeout: 60 }))
    expect(ConfigurationError.is(error)).toBe(true)
    expect(error.message).toContain('http://127.0.0.1:1')
  })
})

describe('with programs of a folder in place of the real ones', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'dynakit-test-'))
    vi.stubEnv('DYNAMODB_ENDPOINT', '')
    vi.stubEnv('DYNAKIT_ENGINE', 'dynamodb-local')
    vi.stubEnv('JAVA_HOME', '')
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })
  const install = (name: string, script: string): void => {
    const file = path.join(folder, name)
    writeFileSync(file, `#!${process.execPath}\n${script}`)
    chmodSync(file, 0o755)
  }

  test('a Java that is too old', async () => {
    install('java', 'console.error(\'openjdk version "11.0.2"\')')
    vi.stubEnv('PATH', folder)
    expect(await javaEngine(1, {})).toMatchObject({ reason: 'Java: version 11 is too old' })
  })

  test('an engine that ends at once is reported with its last words', async () => {
    install(
      'java',
      "if (process.argv[2] === '-version') console.error('version \"21\"'); else { console.error('out of luck'); process.exit(3) }",
    )
    vi.stubEnv('PATH', folder)
    const error = await failure(() => startLocalEngine())
    expect(error.message).toContain('it ended at once: out of luck')
  })

  test('a port that is taken in the meantime is tried again', async () => {
    install(
      'java',
      "if (process.argv[2] === '-version') console.error('version \"21\"'); else { console.error('java.net.BindException: Address already in use'); process.exit(1) }",
    )
    vi.stubEnv('PATH', folder)
    expect((await failure(() => startLocalEngine())).message).toContain('Address already in use')
  })

  test('Docker is published on 127.0.0.1 only, and its container removed', async () => {
    const log = path.join(folder, 'log')
    install(
      'docker',
      `const args = process.argv.slice(2)
       require('node:fs').appendFileSync(${JSON.stringify(log)}, args.join(' ') + '\\n')
       if (args[0] === 'run') {
         const port = Number(args[args.indexOf('--publish') + 1].split(':')[1])
         require('node:http').createServer((_, answer) => answer.end('{}')).listen(port, '127.0.0.1')
       }`,
    )
    vi.stubEnv('PATH', folder)
    const engine = await startLocalEngine()
    expect(engine.source).toBe('docker')
    await engine.stop()
    const { readFileSync } = await import('node:fs')
    const calls = readFileSync(log, 'utf8')
    expect(calls).toMatch(
      /run --rm --name (\S+) --publish 127\.0\.0\.1:\d+:8000 amazon\/dynamodb-local -jar DynamoDBLocal.jar -inMemory -disableTelemetry/,
    )
    expect(calls).toMatch(/rm --force dynakit-/)
    expect((await dockerEngine(5)).program?.cleanup?.[0]).toBe('docker')
  })

  test('a program that cannot be started', async () => {
    expect(
      (await failure(() => supervise({ command: path.join(folder, 'none'), args: [] }))).message,
    ).toContain('could not be started')
  })
})

test('an engine is taken as running as soon as it answers anything', async () => {
  const server = createServer((_request, answer) => {
    answer.statusCode = 400
    answer.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  expect(await startLocalEngine({ endpoint })).toMatchObject({ endpoint })
  server.close()
})
