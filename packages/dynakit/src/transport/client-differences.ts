import type { SdkConfig } from './aws-sdk.ts'
import type { Handler } from './client-handler.ts'
import type { UserAgentPart } from './user-agent.ts'

/** What the entries of a middleware stack are poured into; the only way to see them. */
interface Visitor {
  readonly add: (middleware: unknown, place: Readonly<Record<string, string | undefined>>) => void
  readonly addRelativeTo: Visitor['add']
  readonly identifyOnResolve: () => boolean
}

/** How a client retries. */
interface RetryStrategy {
  readonly mode?: string
  readonly baseDelay?: number
  readonly retryBackoffStrategy?: { readonly computeNextBackoffDelay?: unknown }
  readonly maxAttemptsProvider?: () => Promise<number>
}

/** An endpoint the caller has set. */
export interface CustomEndpoint {
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly path?: string
  readonly query?: object
  readonly headers?: object
}

/** Everything of a client's configuration that is looked at. */
export interface ClientConfig extends SdkConfig {
  readonly serviceId: string
  readonly requestHandler: Handler
  readonly retryMode: unknown
  readonly retryStrategy: () => Promise<RetryStrategy>
  readonly endpoint?: () => Promise<CustomEndpoint>
  readonly httpAuthSchemeProvider: unknown
  readonly httpAuthSchemes: readonly { readonly schemeId: string; readonly signer: object }[]
  readonly signer: unknown
  readonly signerConstructor?: unknown
  readonly signingRegion?: string
  readonly signingName?: string
  readonly logger?: object
  readonly systemClockOffset: number
  readonly customUserAgent?: readonly UserAgentPart[]
}

/** A `DynamoDBClient` of any version of the SDK 3. */
export interface Client {
  readonly config: ClientConfig
  readonly middlewareStack: { applyToStack(visitor: Visitor): void }
  readonly send: unknown
}

/**
 * Tells what is wrong with how a client sends.
 *
 * @internal
 */
export function senderProblem(client: Client): string | undefined {
  if ('from' in client.constructor) {
    return 'it is a document client; pass the DynamoDBClient it was made from'
  }
  // A property name survives bundling and minification, the name of a class does not.
  if (String(client.send).includes('resolveMiddleware')) return undefined
  return 'its send() is replaced or wrapped, as mocks and tracing do'
}

/**
 * Names what a client has that one as the SDK makes it has not, or the other way round.
 *
 * @internal
 */
export function differenceOf(client: Client, fresh: Client): string | undefined {
  const { config } = client
  const middleware = strangeMiddleware(client, fresh)
  if (middleware !== undefined) return `it has middleware of its own or lacks the SDK's: ${middleware}`
  if (!isNodeHandler(config.requestHandler, fresh.config.requestHandler)) {
    return 'its requestHandler is not the NodeHttpHandler of the SDK'
  }
  if (config.retryMode === 'adaptive') return 'its retryMode is adaptive'
  const part = replacedPart(config, fresh.config)
  return part === undefined ? undefined : `it has a ${part} of its own`
}

function eachMiddleware({ middlewareStack }: Client, visit: Visitor['add']): void {
  middlewareStack.applyToStack({ add: visit, addRelativeTo: visit, identifyOnResolve: () => false })
}

/**
 * Counts the middleware of a client.
 *
 * @internal
 */
export function countMiddleware(client: Client): number {
  let count = 0
  eachMiddleware(client, () => {
    count += 1
  })
  return count
}

/** Name of each middleware, where it stands, and its code: a replaced one may have the same name. */
function middlewareOf(client: Client): readonly { name: string; identity: string }[] {
  const found: { name: string; identity: string }[] = []
  eachMiddleware(client, (middleware, { name = 'anonymous', step, priority, relation, toMiddleware }) => {
    const identity = [name, step, priority, relation, toMiddleware, middleware].map(String).join()
    found.push({ name, identity })
  })
  return found
}

function strangeMiddleware(client: Client, fresh: Client): string | undefined {
  const own = middlewareOf(client)
  const usual = middlewareOf(fresh)
  const strange = [...without(own, usual), ...without(usual, own)]
  return strange.length === 0 ? undefined : [...new Set(strange.map(({ name }) => name))].join(', ')
}

function without<Entry extends { identity: string }>(
  entries: readonly Entry[],
  others: readonly Entry[],
): Entry[] {
  const identities = new Set(others.map(({ identity }) => identity))
  return entries.filter(({ identity }) => !identities.has(identity))
}

function isNodeHandler(handler: Handler, fresh: Handler): boolean {
  if (Object.hasOwn(handler, 'handle')) return false
  if (handler.constructor === fresh.constructor) return true
  // Often it comes from another copy of its package than the SDK's.
  const base = Object.getPrototypeOf(Object.getPrototypeOf(handler)) as unknown
  const isItself = base === Object.prototype && handler.metadata?.handlerProtocol === 'http/1.1'
  return isItself && 'configProvider' in handler && String(handler.handle).includes('httpsAgent')
}

function replacedPart(config: ClientConfig, fresh: ClientConfig): string | undefined {
  if (config.endpointProvider !== fresh.endpointProvider) return 'endpointProvider'
  if (config.httpAuthSchemeProvider !== fresh.httpAuthSchemeProvider) return 'httpAuthSchemeProvider'
  if (describe(config.httpAuthSchemes) !== describe(fresh.httpAuthSchemes)) return 'httpAuthSchemes'
  if (String(config.signer) !== String(fresh.signer) || config.signerConstructor) return 'signer'
  if (config.logger && config.logger.constructor !== fresh.logger?.constructor) return 'logger'
  return undefined
}

function describe(schemes: ClientConfig['httpAuthSchemes']): string {
  return schemes.map(({ schemeId, signer }) => `${schemeId} ${String(signer.constructor)}`).join()
}
