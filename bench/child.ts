import { type ChildProcess, fork } from 'node:child_process'

/** A process of ours that answers each message with one message. */
export interface Child {
  /** Sends a message and waits for the answer. */
  ask(request: object): Promise<unknown>
  stop(): void
}

/**
 * Starts a compiled program; it ends with this process, because its channel to it closes.
 *
 * @returns The process and the first thing it said.
 */
export async function startChild(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  execArgv: readonly string[] = [],
): Promise<{ child: Child; greeting: unknown }> {
  const process_ = fork(file, args, {
    // No loader and no flags of the process that measures.
    execArgv: [...execArgv],
    env: { ...withoutAws(process.env), ...quiet, ...env, NODE_OPTIONS: '' },
  })
  const greeting = await nextMessage(process_, file)
  return {
    greeting,
    child: {
      ask: async (request) => {
        const answer = nextMessage(process_, file)
        process_.send(request)
        return answer
      },
      stop: () => {
        process_.disconnect()
      },
    },
  }
}

const quiet = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' }

/** Nobody's settings of AWS may change what is measured. */
function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AWS_')))
}

function nextMessage(process_: ChildProcess, file: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => {
      reject(new Error(`${file} ended with code ${String(code)}`))
    }
    process_.once('exit', onExit)
    process_.once('message', (message: unknown) => {
      process_.off('exit', onExit)
      if (isFailure(message)) reject(new Error(`${file}: ${message.error}`))
      else resolve(message)
    })
  })
}

function isFailure(message: unknown): message is { error: string } {
  return typeof message === 'object' && message !== null && 'error' in message
}
