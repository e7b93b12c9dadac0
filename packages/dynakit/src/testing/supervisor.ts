import { type ChildProcess, spawn } from 'node:child_process'

/** A program to run, and what to run when it must end. */
export interface SupervisedProgram {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string | undefined
  /** Run when the program must end, for programs that outlive their process (containers). */
  readonly cleanup?: readonly [command: string, ...args: string[]] | undefined
}

/** A running program that dies with this process. */
export interface Supervised {
  /** Process id of the program itself. */
  readonly pid: number
  /** Resolves when the program has ended, with what it wrote to its error output. */
  readonly ended: Promise<string>
  /** Ends the program and waits until it is gone. */
  stop(): Promise<void>
}

/**
 * Runs in a process of its own, between us and the program. Its standard input is a pipe that we hold:
 * the kernel closes it however we end, SIGKILL included, and then the program is killed.
 */
const supervisorSource = `
const { spawn, spawnSync } = require('node:child_process')
const program = JSON.parse(process.argv[1])
const child = spawn(program.command, program.args, { cwd: program.cwd, stdio: ['ignore', 'ignore', 'inherit'] })
child.on('spawn', () => process.stdout.write(child.pid + '\\n'))
child.on('error', (error) => { process.stderr.write(String(error)); process.exit(1) })
child.on('exit', (code) => process.exit(code === null ? 1 : code))
const end = () => {
  if (program.cleanup) spawnSync(program.cleanup[0], program.cleanup.slice(1), { stdio: 'ignore' })
  child.kill('SIGKILL')
}
process.stdin.on('end', end).on('close', end).on('error', end).resume()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end)
`

const errorTailLength = 4000

/**
 * Starts a program that cannot outlive this process.
 *
 * @param program - What to run.
 * @returns The running program.
 * @internal
 */
export async function supervise(program: SupervisedProgram): Promise<Supervised> {
  const supervisor = spawn(process.execPath, ['-e', supervisorSource, JSON.stringify(program)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C in a terminal reaches us first, and we close the pipe.
    detached: true,
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  let errors = ''
  supervisor.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-errorTailLength)
  })
  const ended = new Promise<string>((resolve) => {
    supervisor.once('close', () => {
      resolve(errors)
    })
  })
  const pid = await Promise.race([firstLine(supervisor), ended.then(() => undefined)])
  if (pid === undefined) throw new Error(`${program.command} could not be started: ${errors}`)
  // The program must not keep this process alive.
  supervisor.unref()
  for (const stream of [supervisor.stdin, supervisor.stdout, supervisor.stderr]) {
    ;(stream as unknown as { unref?: () => void }).unref?.()
  }
  const stop = async (): Promise<void> => {
    supervisor.ref()
    supervisor.stdin.end()
    await ended
  }
  return { pid: Number(pid), ended, stop }
}

function firstLine(supervisor: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    supervisor.stdout?.setEncoding('utf8').once('data', (text: string) => {
      resolve(text.trim())
    })
  })
}
