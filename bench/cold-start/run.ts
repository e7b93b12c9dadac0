import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { rotated } from '../rotated.ts'
import { program } from '../programs.ts'
import type { Stub } from '../wire/start-stub.ts'
import { bundleFile } from './bundle.ts'
import type { StartCost } from './cost.ts'
import { type StarterName, starterNames } from './starters.ts'

/** As one bundled file, or as modules from node_modules. */
export type Form = 'bundled' | 'modules'

export type StartSeries = Readonly<Record<Form, Readonly<Record<StarterName, StartCost[]>>>>

const execute = promisify(execFile)

/** Starts each program once per round, in both forms, in an order that moves on. */
export async function runColdStarts(stub: Stub, rounds: number): Promise<StartSeries> {
  const none = (): Record<StarterName, StartCost[]> =>
    Object.fromEntries(starterNames.map((name) => [name, [] as StartCost[]])) as Record<
      StarterName,
      StartCost[]
    >
  const series = { bundled: none(), modules: none() }
  // The first start of a file reads it from disk; the second does not.
  for (const name of starterNames) for (const form of forms) await start(name, form, stub)
  for (let round = 0; round < rounds; round++) {
    for (const name of rotated(starterNames, round)) {
      for (const form of forms) series[form][name].push(await start(name, form, stub))
    }
  }
  return series
}

const forms = ['bundled', 'modules'] as const

async function start(name: StarterName, form: Form, stub: Stub): Promise<StartCost> {
  const file = form === 'bundled' ? bundleFile(name) : program(`cold-start/programs/${name}.ts`)
  const { stdout } = await execute(process.execPath, [file], { env: environment(stub) })
  return JSON.parse(stdout) as StartCost
}

/** Nothing of the caller's environment but what Node needs, and credentials as a function service sets them. */
function environment({ tls, trust }: Stub): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    ...trust,
    BENCH_ENDPOINT: tls.endpoint,
    AWS_REGION: tls.region,
    AWS_ACCESS_KEY_ID: tls.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: tls.credentials.secretAccessKey,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  }
}
