import type { ConnectionOptions, HttpAgent } from './transport-options.ts'

/** Settings of the SDK's NodeHttpHandler. */
export interface HandlerConfig {
  readonly connectionTimeout?: number
  readonly requestTimeout?: number
  readonly socketTimeout?: number
  readonly throwOnRequestTimeout?: boolean
  readonly httpsAgent?: NodeAgent
  readonly httpAgent?: NodeAgent
  /** In place of `httpAgent` since 3.7xx. */
  readonly httpAgentProvider?: () => Promise<NodeAgent>
}

/** An agent of Node, as far as its settings can be seen. */
export interface NodeAgent extends HttpAgent {
  readonly options?: Readonly<Record<string, unknown>>
  readonly maxSockets?: number
}

/** The part of the SDK's NodeHttpHandler that tells its settings. */
export interface Handler {
  readonly metadata?: { readonly handlerProtocol?: string }
  readonly configProvider: Promise<HandlerConfig>
  readonly handle: unknown
}

/**
 * Reads the limits of a handler. In the SDK, 0 is no limit and `requestTimeout` ends a request only when it
 * is told so.
 *
 * @internal
 */
export function handlerLimits(
  handler: HandlerConfig,
): Pick<ConnectionOptions, 'connectTimeout' | 'requestTimeout' | 'socketTimeout'> {
  const { connectionTimeout, requestTimeout, socketTimeout } = handler
  // Before it could be told so, `requestTimeout` was another name of `socketTimeout`.
  const isOld = !('throwOnRequestTimeout' in handler)
  return {
    connectTimeout: limitOf(connectionTimeout),
    requestTimeout: handler.throwOnRequestTimeout === true ? limitOf(requestTimeout) : undefined,
    socketTimeout: limitOf(socketTimeout) ?? (isOld ? limitOf(requestTimeout) : undefined),
  }
}

function limitOf(milliseconds: number | undefined): number | undefined {
  return milliseconds === 0 ? undefined : milliseconds
}

/**
 * Gives the agent a handler uses for a protocol.
 *
 * @internal
 */
export async function agentOf(
  handler: HandlerConfig,
  protocol: 'http:' | 'https:',
): Promise<NodeAgent | undefined> {
  if (protocol === 'https:') return handler.httpsAgent
  return handler.httpAgent ?? (await handler.httpAgentProvider?.())
}

/** Options of an agent that say no more than how many connections are kept. */
const plainOptions: ReadonlySet<string> = new Set([
  'keepAlive',
  'keepAliveMsecs',
  'maxSockets',
  'maxFreeSockets',
  'maxCachedSessions',
  'scheduling',
  'noDelay',
])

/**
 * Tells what of an agent must be kept: the agent itself when it does more than keep connections.
 *
 * @param agent - The client's agent.
 * @param fresh - One as the SDK makes it.
 * @internal
 */
export function agentSettings(
  agent: NodeAgent | undefined,
  fresh: NodeAgent | undefined,
): Pick<ConnectionOptions, 'maxSockets' | 'agent'> {
  if (!agent) return {}
  const options = agent.options ?? {}
  const isPlain =
    agent.constructor === fresh?.constructor &&
    !Object.hasOwn(agent, 'createConnection') &&
    options.keepAlive === true &&
    Object.entries(options).every(([name, value]) => plainOptions.has(name) || value == null)
  if (!isPlain) return { agent }
  return { maxSockets: agent.maxSockets }
}
