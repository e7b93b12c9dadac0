#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { version } from '../transport/version.ts'
import { CommandError } from './command-error.ts'
import { addExplainCommand } from './explain.ts'

const program = new Command('dynakit')
  .description('Tools for applications that use dynakit.')
  .version(version)
  .showHelpAfterError('(add --help to see what can be given)')
  .exitOverride()
addExplainCommand(program)

async function run(): Promise<number> {
  try {
    await program.parseAsync()
    return 0
  } catch (error) {
    // Commander has said what is wrong, or shown the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode
    process.stderr.write(`dynakit: ${describe(error)}\n`)
    return 1
  }
}

function describe(error: unknown): string {
  if (error instanceof CommandError) return error.message
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `this should not happen; please report it.\n${details}`
}

// Who reads the output may stop, as head does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1)
})

void run().then((exitCode) => {
  // The module may keep connections or timers; what is printed is all there is to do.
  process.stdout.write('', () => process.exit(exitCode))
})
