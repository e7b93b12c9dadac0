import { build } from 'esbuild'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { runFolder } from './run-folder.ts'

const here = import.meta.dirname
const programFolder = path.join(runFolder, 'programs')

/**
 * Compiles the programs that are measured, so that they run without a loader in their process. What they
 * import from packages stays an import, and dynakit is the built package, except in the micro benchmarks:
 * they look at its parts, so there it is compiled in from its sources, once.
 */
export async function buildPrograms(): Promise<void> {
  await compile(
    [
      ...modules('wire/contestants'),
      ...modules('cold-start/programs'),
      ...modules('engines/programs'),
      path.join(here, 'wire/stub-server.ts'),
      path.join(here, 'wire/contestant-process.ts'),
      path.join(here, 'soak/program.ts'),
    ],
    {},
  )
  await compile(modules('micro/programs'), {
    dynakit: path.join(here, '../packages/dynakit/src/index.ts'),
  })
}

async function compile(entryPoints: string[], alias: Record<string, string>): Promise<void> {
  await build({
    entryPoints,
    alias,
    outdir: programFolder,
    outbase: here,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Without it, the mapping of 'dynakit' to its sources would apply everywhere.
    tsconfigRaw: {},
  })
}

function modules(folder: string): string[] {
  return readdirSync(path.join(here, folder)).map((name) => path.join(here, folder, name))
}

/** Path of a compiled program, from its source's path in this folder. */
export function program(source: string): string {
  return path.join(programFolder, source.replace(/\.ts$/, '.mjs'))
}
