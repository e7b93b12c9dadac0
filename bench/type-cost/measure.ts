import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Library, writeModel } from './models.ts'

/** What a compiler says of one program. */
export interface TypeCost {
  readonly instantiations: number
  /** Seconds the checker took. */
  readonly checkTime: number
}

const here = path.dirname(fileURLToPath(import.meta.url))
const scratch = path.join(here, '../temp/type-cost')

/** TypeScript compilers by version. */
export const compilers = {
  '5.9': path.join(here, '../../tools/compilers/node_modules/typescript-5.9/bin/tsc'),
  '7.0': path.join(here, '../../tools/compilers/node_modules/typescript-7.0/bin/tsc'),
} as const

export type CompilerVersion = keyof typeof compilers

/**
 * Type-checks a model and reports what it cost.
 *
 * @param library - Library the model is written for.
 * @param entities - Number of entities.
 * @param version - Compiler.
 * @returns Instantiations and check time.
 */
export function measure(library: Library, entities: number, version: CompilerVersion): TypeCost {
  const folder = path.join(scratch, `${library}-${String(entities)}-${version}`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'model.ts'), writeModel(library, entities))
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(configuration))
  const report = compile(version, folder)
  return {
    instantiations: read(report, /Instantiations:\s+(\d+)/),
    checkTime: read(report, /Check time:\s+([\d.]+)s/),
  }
}

const configuration = {
  compilerOptions: {
    target: 'es2022',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
  },
  include: ['model.ts'],
}

function compile(version: CompilerVersion, folder: string): string {
  const flags = version === '7.0' ? ['--extendedDiagnostics', '--singleThreaded'] : ['--extendedDiagnostics']
  try {
    return execFileSync(process.execPath, [compilers[version], '-p', folder, ...flags], { encoding: 'utf8' })
  } catch (error) {
    const { stdout } = error as { stdout?: string }
    throw new Error(`${folder} does not compile:\n${(stdout ?? '').slice(0, 2000)}`, { cause: error })
  }
}

function read(report: string, pattern: RegExp): number {
  const match = pattern.exec(report)
  if (!match) throw new Error(`The compiler's report has no ${pattern.source}`)
  return Number(match[1])
}

/** Cost of one more entity, from two sizes of the same model. */
export function perEntity(small: TypeCost, large: TypeCost, added: number): TypeCost {
  return {
    instantiations: Math.round((large.instantiations - small.instantiations) / added),
    checkTime: (large.checkTime - small.checkTime) / added,
  }
}
