import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'

/** Where the numbers come from. */
export interface Machine {
  readonly processor: string
  readonly cores: number
  /** Gigabytes. */
  readonly memory: number
  readonly system: string
  readonly node: string
  readonly v8: string
  readonly openssl: string
  /** Load average of the last minute when the run began: what else was going on. */
  readonly load: number
}

/** Describes this machine. */
export function describeMachine(): Machine {
  const cores = os.cpus()
  const { node, v8, openssl } = process.versions
  return {
    processor: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memory: Math.round(os.totalmem() / 1e9),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node,
    v8,
    openssl,
    load: os.loadavg()[0] ?? 0,
  }
}

const packages = [
  '@aws-sdk/client-dynamodb',
  '@aws-sdk/lib-dynamodb',
  'electrodb',
  'dynamodb-toolbox',
  'dynamoose',
  'dynamodb-onetable',
  'undici',
  'zod',
  'dynakit',
]

/** Versions of the packages that are compared, as installed. */
export function packageVersions(): Record<string, string> {
  return Object.fromEntries(packages.map((name) => [name, installedVersion(name)]))
}

const require = createRequire(import.meta.url)

/** Not every package lets its package.json be resolved, so it is looked for where Node would. */
function installedVersion(name: string): string {
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      const text = readFileSync(path.join(folder, name, 'package.json'), 'utf8')
      return (JSON.parse(text) as { version: string }).version
    } catch {
      continue
    }
  }
  return 'unknown'
}
