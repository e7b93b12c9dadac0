import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { EngineOption } from './java-engine.ts'

const run = promisify(execFile)
const image = 'amazon/dynamodb-local'

/**
 * Looks for a running Docker engine.
 *
 * @param port - Port on 127.0.0.1 the engine is to be published on.
 * @returns How to start it, or why it cannot be.
 * @internal
 */
export async function dockerEngine(port: number): Promise<EngineOption> {
  try {
    await run('docker', ['version', '--format', '{{.Server.Version}}'])
  } catch {
    return {
      reason: 'Docker: no Docker engine answers',
      remedy: `install and start Docker, then: docker pull ${image}`,
    }
  }
  const name = `dynakit-${String(process.pid)}-${String(port)}`
  return {
    program: {
      command: 'docker',
      args: [
        'run',
        '--rm',
        '--name',
        name,
        '--publish',
        `127.0.0.1:${String(port)}:8000`,
        image,
        '-jar',
        'DynamoDBLocal.jar',
        '-inMemory',
        '-disableTelemetry',
      ],
      cleanup: ['docker', 'rm', '--force', name],
    },
  }
}
