import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  type DirectTransport,
  directTransport,
  type DirectTransportOptions,
  sdkTransport,
  type Transport,
} from 'dynakit'
import { Agent } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import { sdkDifferences } from './sdk-differences.ts'

/** AWS credentials of a test. */
export interface KeyPair {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** What a test sets up a transport with; everything else is its default. */
export interface TransportSettings {
  readonly endpoint: string
  readonly ca?: string | undefined
  /** Default: a fixed key pair. */
  readonly credentials?: KeyPair | (() => Promise<KeyPair>)
  /** Default: 3. */
  readonly maxAttempts?: number
  /** Longest wait before a retry, in milliseconds; default: 1. */
  readonly retryDelay?: number
  /** Default: 10. */
  readonly maxSockets?: number
  /** Time for a whole answer, in milliseconds. */
  readonly requestTimeout?: number
  /** Time without a byte of an answer, in milliseconds. */
  readonly socketTimeout?: number
  /** Time to connect, in milliseconds. */
  readonly connectTimeout?: number
}

/** What only direct transports have settings for. */
export interface DirectSettings extends TransportSettings {
  readonly options?: Partial<DirectTransportOptions>
  readonly retry?: DirectTransportOptions['retry']
  readonly idleTimeout?: number
}

/** A transport under test. */
export interface OpenTransport {
  readonly transport: Transport
  /** Closes the transport and whatever it was made of. */
  readonly close: () => Promise<void>
}

/** What a failed request must come to. */
export interface Expected {
  /** Attempts of three. */
  readonly attempts: number
  /** `code` of the error; `undefined` when the request succeeds. */
  readonly code: string | undefined
  readonly serviceCode: string | undefined
  readonly statusCode: number | undefined
  readonly retryable: boolean
  readonly outcomeUnknown: boolean
}

/** Where a transport does not behave by dynakit's own rules, and how it behaves instead. */
export interface Traits {
  /** Part of the `user-agent` header. */
  readonly userAgent: RegExp
  /** Sends writes again although they may have been carried out. */
  readonly repeatsWrites: boolean
  /** Knows whether a request had been sent when it was cut off. */
  readonly knowsWhatWasSent: boolean
  /** Fetches credentials again that have expired. */
  readonly renewsCredentials: boolean
  /** Corrects its clock as often as it is found wrong. */
  readonly correctsClockAgain: boolean
  /** Knows gzip. */
  readonly unpacksGzip: boolean
  /** Reads attributes with the name `__proto__`. */
  readonly readsProto: boolean
  /** Bodies of errors that leave it without even the status. */
  readonly unreadable: readonly string[]
  /** Right but unusual answers it takes for damaged. */
  readonly damaged: readonly string[]
  /** What the rows of the fault table come to instead, by their name. */
  readonly differences: Readonly<Record<string, Partial<Expected>>>
}

/** One row of the table of transports. */
export interface TransportCase {
  readonly name: string
  readonly traits: Traits
  open(settings: TransportSettings): Promise<OpenTransport>
}

export const secret = 'fault-secret'
const keyPair: KeyPair = { accessKeyId: 'FAULTKEY', secretAccessKey: secret }

async function openSdk(settings: TransportSettings): Promise<OpenTransport> {
  const { endpoint, ca, requestTimeout, socketTimeout, connectTimeout } = settings
  const agent = { keepAlive: true, maxSockets: settings.maxSockets ?? 10 }
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: settings.credentials ?? keyPair,
    maxAttempts: settings.maxAttempts ?? 3,
    requestHandler: {
      httpAgent: agent,
      httpsAgent: { ...agent, ...(ca !== undefined && { ca }) },
      throwOnRequestTimeout: true,
      ...(requestTimeout !== undefined && { requestTimeout }),
      ...(socketTimeout !== undefined && { socketTimeout }),
      ...(connectTimeout !== undefined && { connectionTimeout: connectTimeout }),
    },
  })
  // The SDK has no setting for its waits.
  const delay = settings.retryDelay ?? 1
  const backoff = { setDelayBase: () => undefined, computeNextBackoffDelay: () => delay }
  Object.assign(await client.config.retryStrategy(), { retryBackoffStrategy: backoff })
  return {
    transport: sdkTransport(client),
    close: () => {
      client.destroy()
      return Promise.resolve()
    },
  }
}

function openDirect(settings: DirectSettings, agent?: Agent): OpenDirect {
  const { endpoint, ca, requestTimeout, socketTimeout, connectTimeout, retryDelay = 1 } = settings
  const transport = directTransport({
    endpoint,
    ca,
    region: 'us-east-1',
    credentials: settings.credentials ?? keyPair,
    retry: {
      maxAttempts: settings.maxAttempts ?? 3,
      baseDelay: retryDelay,
      throttlingDelay: retryDelay,
      ...settings.retry,
    },
    connections: {
      maxSockets: settings.maxSockets ?? 10,
      requestTimeout,
      socketTimeout,
      connectTimeout,
      idleTimeout: settings.idleTimeout,
      agent,
    },
    ...settings.options,
  })
  return { transport, close: () => transport.close() }
}

function openWithAgent(settings: DirectSettings): OpenDirect {
  const { endpoint, ca, maxSockets = 10 } = settings
  const options = { keepAlive: true, maxSockets, timeout: settings.idleTimeout ?? 60_000 }
  const agent = endpoint.startsWith('https:')
    ? new TlsAgent({ ...options, ...(ca !== undefined && { ca }) })
    : new Agent(options)
  const open = openDirect(settings, agent)
  return {
    transport: open.transport,
    close: async () => {
      await open.close()
      agent.destroy()
    },
  }
}

/** dynakit's own rules, as the direct transport follows them. */
const rules: Traits = {
  userAgent: /^dynakit\/\d/,
  repeatsWrites: false,
  knowsWhatWasSent: true,
  renewsCredentials: true,
  correctsClockAgain: true,
  unpacksGzip: true,
  readsProto: true,
  unreadable: [],
  damaged: [],
  differences: {},
}

/** A direct transport under test. */
export interface OpenDirect extends OpenTransport {
  readonly transport: DirectTransport
}

/** One row of the table, of a direct transport. */
export interface DirectCase extends TransportCase {
  open(settings: DirectSettings): Promise<OpenDirect>
}

/** The direct transports, over each of their HTTP clients. */
export const directTransports: readonly DirectCase[] = [
  { name: 'direct', traits: rules, open: (settings) => Promise.resolve(openDirect(settings)) },
  {
    name: 'direct with an agent',
    open: (settings) => Promise.resolve(openWithAgent(settings)),
    traits: {
      ...rules,
      // Node's parser reports bytes after an answer before the answer itself is through.
      damaged: ['junk after the answer'],
      // Node's parser takes any length, and waits.
      differences: { 'huge length': { code: 'Timeout' } },
    },
  },
]

/** Every transport the conformance suite runs over. */
export const transports: readonly TransportCase[] = [
  ...directTransports,
  {
    name: 'sdk',
    open: openSdk,
    traits: {
      ...rules,
      userAgent: /aws-sdk-js\/3/,
      repeatsWrites: true,
      knowsWhatWasSent: false,
      renewsCredentials: false,
      correctsClockAgain: false,
      unpacksGzip: false,
      readsProto: false,
      unreadable: ['{"Item":{"id":5}}'],
      differences: sdkDifferences,
    },
  },
]
