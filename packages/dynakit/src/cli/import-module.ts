import { type Stats, statSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { valueType } from '../errors/value-type.ts'
import { CommandError } from './command-error.ts'

const extensions = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'] as const
const typeScript = /\.[cm]?tsx?$/

/**
 * Imports a module that was named on the command line.
 *
 * @param file - Its path, from the working directory.
 * @returns What it exports.
 * @throws CommandError when there is no such file, or when it cannot be loaded.
 * @internal
 */
export async function importModule(file: string): Promise<object> {
  const place = path.resolve(file)
  checkFile(file, place)
  const onExit = (): void => {
    process.stderr.write(
      `dynakit: '${file}' did not finish loading: it ended the process, or awaits something at its top level that never comes.\n`,
    )
    process.exitCode = 1
  }
  process.once('exit', onExit)
  try {
    return (await import(pathToFileURL(place).href)) as object
  } catch (error) {
    throw new CommandError(`'${file}' cannot be loaded. ${describeFailure(file, error)}`)
  } finally {
    process.removeListener('exit', onExit)
  }
}

function checkFile(file: string, place: string): void {
  const found = stat(place)
  if (found?.isFile()) return
  const similar = [...extensions.map((extension) => file + extension), ...insideOf(file)].filter((name) =>
    stat(path.resolve(name))?.isFile(),
  )
  const what = found ? `'${file}' is a folder` : `there is no file '${file}' (looked for ${place})`
  const hint = similar.length > 0 ? `Did you mean ${similar.join(' or ')}?` : 'Give the path of a module.'
  throw new CommandError(`${what}. ${hint}`)
}

function insideOf(file: string): readonly string[] {
  return extensions.map((extension) => path.join(file, `index${extension}`))
}

function stat(place: string): Stats | undefined {
  try {
    return statSync(place, { throwIfNoEntry: false })
  } catch {
    // Such as a path through a file, or one that may not be looked at.
    return undefined
  }
}

function describeFailure(file: string, error: unknown): string {
  if (!(error instanceof Error)) return `It throws a value of type ${valueType(error)}, not an Error.`
  const isTypeScript = typeScript.test(file)
  if (isNodes(error)) return isTypeScript ? `${error.message}\n${loaderHint(file)}` : error.message
  if (!(error instanceof SyntaxError)) return `It throws:\n${ownStack(error)}`
  const hint = isTypeScript ? loaderHint(file) : `Run node ${file} to see where.`
  return `SyntaxError: ${error.message}\n${hint}`
}

function isNodes(error: Error): boolean {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && code.startsWith('ERR_')
}

/** Node's own complaints about a TypeScript module come from its being TypeScript, as do syntax errors. */
function loaderHint(file: string): string {
  return (
    'This Node does not load TypeScript, or not this module. Give it a loader:\n' +
    `  NODE_OPTIONS='--import tsx' npx dynakit explain ${file}`
  )
}

/** The stack without what loaded the module. */
function ownStack(error: Error): string {
  const lines = (error.stack ?? error.message).split('\n')
  const end = lines.findIndex((line) => /^ +at .*node:internal\/modules\//.test(line))
  return (end === -1 ? lines : lines.slice(0, end)).join('\n')
}
