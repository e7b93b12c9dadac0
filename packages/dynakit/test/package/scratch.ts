import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root. */
export const root = fileURLToPath(new URL('../../../..', import.meta.url))
/** The package's folder. */
const packageFolder = path.join(root, 'packages/dynakit')

/** TypeScript compilers by version. */
export const compilers: Readonly<Record<string, string>> = {
  '5.4': path.join(root, 'tools/compilers/node_modules/typescript-5.4/bin/tsc'),
  '5.9': path.join(root, 'tools/compilers/node_modules/typescript-5.9/bin/tsc'),
  '6.0': path.join(root, 'node_modules/typescript/bin/tsc'),
  '7.0': path.join(root, 'tools/compilers/node_modules/typescript-7.0/bin/tsc'),
}

/** What a program wrote, and how it ended. */
export interface RunResult {
  readonly output: string
  readonly isOk: boolean
}

/** Runs a program of Node. */
export function runNode(
  args: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv = {},
): RunResult {
  try {
    const output = execFileSync(process.execPath, args, {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return { output, isOk: true }
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    return { output: stdout + stderr, isOk: false }
  }
}

/** A folder outside the repository, with the packed package installed as a consumer gets it. */
export interface Scratch {
  readonly folder: string
  write(name: string, text: string): void
  /** Links further packages from the repository. */
  link(...names: string[]): void
  remove(): void
}

/** Packs the built package and unpacks it into a new folder's node_modules. */
export function makeScratch(): Scratch {
  const folder = mkdtempSync(path.join(tmpdir(), 'dynakit-consumer-'))
  const target = path.join(folder, 'node_modules/dynakit')
  mkdirSync(target, { recursive: true })
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: packageFolder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const tarball = path.join(folder, /"filename": "([^"]+)"/.exec(packed)?.[1] ?? '')
  execFileSync('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'])
  const link = (...names: string[]): void => {
    for (const name of names) {
      const place = path.join(folder, 'node_modules', name)
      mkdirSync(path.dirname(place), { recursive: true })
      const [own, shared] = [packageFolder, root].map((from) => path.join(from, 'node_modules', name))
      symlinkSync((existsSync(own ?? '') ? own : shared) ?? '', place)
    }
  }
  return {
    folder,
    link,
    write: (name, text) => {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
      writeFileSync(path.join(folder, name), text)
    },
    remove: () => {
      rmSync(folder, { recursive: true })
    },
  }
}

/** A tsconfig for a program that uses the package. */
export function consumerConfig(options: object = {}, files: readonly string[] = ['main.ts']): string {
  return JSON.stringify({
    compilerOptions: {
      target: 'es2022',
      module: 'nodenext',
      moduleResolution: 'nodenext',
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      types: ['node'],
      ...options,
    },
    files,
  })
}
