import { build } from 'esbuild'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { runFolder } from '../run-folder.ts'
import { type StarterName, starterNames } from './starters.ts'

/** Bytes of a program with everything it needs. */
export interface BundleSize {
  readonly minified: number
  readonly gzipped: number
}

/** Path of a program's bundle. */
export function bundleFile(name: StarterName): string {
  return path.join(runFolder, `bundles/${name}.cjs`)
}

/**
 * Bundles the cold-start programs as one would for a function service: minified, the AWS SDK included
 * where it is needed. dynakit mentions the SDK for `sdkTransport` and does not load it here.
 */
export async function bundleStarters(): Promise<Readonly<Record<StarterName, BundleSize>>> {
  const sizes = await Promise.all(starterNames.map(async (name) => [name, await bundle(name)] as const))
  return Object.fromEntries(sizes) as Record<StarterName, BundleSize>
}

async function bundle(name: StarterName): Promise<BundleSize> {
  const outfile = bundleFile(name)
  await build({
    entryPoints: [path.join(import.meta.dirname, `programs/${name}.ts`)],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: name.startsWith('dynakit') ? ['@aws-sdk/*'] : [],
    tsconfigRaw: {},
  })
  const bytes = readFileSync(outfile)
  return { minified: bytes.length, gzipped: gzipSync(bytes).length }
}
