import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { DynamoDB, DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ConfigurationError } from '../errors/transport-errors.ts'
import { CredentialsError } from '../errors/service-errors.ts'
import { type ClientValues, readClient } from './client-settings.ts'
import { hostHeader, resolveEndpoint } from './endpoint.ts'

beforeEach(() => {
  for (const name of Object.keys(process.env).filter((variable) => variable.startsWith('AWS_')))
    vi.stubEnv(name, undefined)
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  vi.stubEnv('AWS_CONFIG_FILE', '/nowhere/config')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere/credentials')
})
afterEach(() => vi.unstubAllEnvs())

const credentials = { accessKeyId: 'A', secretAccessKey: 's', accountId: '123456789012' }
const clientOf = (config: DynamoDBClientConfig = {}): DynamoDBClient =>
  new DynamoDBClient({ region: 'eu-west-1', credentials, ...config })

const reasonOf = (client: unknown): string | undefined => readClient(client).reason
/** The reason that is only known once the settings are looked up. */
const lateReasonOf = async (client: DynamoDBClient): Promise<string | undefined> => {
  const read = readClient(client)
  if (read.reason !== undefined) return `at once: ${read.reason}`
  return (await read.load()).reason
}
const valuesOf = async (client: unknown): Promise<ClientValues> => {
  const read = readClient(client)
  if (read.reason !== undefined) throw new Error(read.reason)
  const values = await read.load()
  if (values.reason !== undefined) throw new Error(values.reason)
  return values
}

describe('the values of a client', () => {
  test('as the SDK makes it', async () => {
    const values = await valuesOf(clientOf())
    expect(values.configuration).toEqual({
      region: 'eu-west-1',
      endpoints: [],
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
      accountIdEndpointMode: 'preferred',
      maxAttempts: 4,
      userAgentAppId: undefined,
    })
    expect(await values.credentials()).toMatchObject(credentials)
    expect(values.clockOffset).toBe(0)
    expect(values.userAgentParts).toEqual([])
    expect(values.connections).toEqual({})
    expect(await values.agentFor('https:')).toEqual({ maxSockets: 50 })
    expect(await values.agentFor('http:')).toEqual({ maxSockets: 50 })
  })

  test('with settings of its own', async () => {
    const values = await valuesOf(
      clientOf({
        region: 'us-east-2',
        maxAttempts: 7,
        useFipsEndpoint: true,
        useDualstackEndpoint: true,
        accountIdEndpointMode: 'disabled',
        userAgentAppId: 'shop',
        customUserAgent: [['acme', '1.0']],
        systemClockOffset: 90_000,
        requestHandler: {
          connectionTimeout: 1500,
          requestTimeout: 2500,
          socketTimeout: 3500,
          throwOnRequestTimeout: true,
          httpsAgent: { maxSockets: 9 },
        },
      }),
    )
    expect(values.configuration).toEqual({
      region: 'us-east-2',
      endpoints: [],
      useFipsEndpoint: true,
      useDualstackEndpoint: true,
      accountIdEndpointMode: 'disabled',
      maxAttempts: 7,
      userAgentAppId: 'shop',
    })
    expect(values.userAgentParts).toEqual([['acme', '1.0']])
    expect(values.clockOffset).toBe(90_000)
    expect(values.connections).toEqual({ connectTimeout: 1500, requestTimeout: 2500, socketTimeout: 3500 })
    expect(await values.agentFor('https:')).toEqual({ maxSockets: 9 })
    const endpoint = await resolveEndpoint(values.configuration, values.askSdk)
    expect(hostHeader(endpoint)).toBe('dynamodb-fips.us-east-2.api.aws')
  })

  test('from the environment', async () => {
    vi.stubEnv('AWS_REGION', 'eu-west-3')
    vi.stubEnv('AWS_MAX_ATTEMPTS', '2')
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', 'http://db:1')
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'E')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 's')
    const values = await valuesOf(new DynamoDBClient())
    expect(values.configuration).toMatchObject({
      region: 'eu-west-3',
      maxAttempts: 2,
      endpoints: [{ protocol: 'http:', hostname: 'db', port: 1 }],
    })
    expect(await values.credentials()).toMatchObject({ accessKeyId: 'E' })
    const own = await valuesOf(clientOf({ ignoreConfiguredEndpointUrls: true }))
    expect(own.configuration.endpoints).toEqual([])
  })

  test.each([
    ['http://127.0.0.1:8000', { protocol: 'http:', hostname: '127.0.0.1', port: 8000 }],
    ['https://db.example.com', { protocol: 'https:', hostname: 'db.example.com' }],
    ['http://[::1]:8000/', { protocol: 'http:', hostname: '::1', port: 8000 }],
  ])('with endpoint %s', async (endpoint, expected) => {
    expect((await valuesOf(clientOf({ endpoint }))).configuration.endpoints).toEqual([expected])
    const provider = () => Promise.resolve({ url: new URL(endpoint) })
    expect((await valuesOf(clientOf({ endpoint: provider }))).configuration.endpoints).toEqual([expected])
  })

  test('credentials are kept by the client and renewed on demand', async () => {
    const provide = vi.fn(() =>
      Promise.resolve({ ...credentials, accessKeyId: `A${String(provide.mock.calls.length)}` }),
    )
    const values = await valuesOf(clientOf({ credentials: provide }))
    expect(await values.credentials()).toMatchObject({ accessKeyId: 'A1' })
    expect(await values.credentials({ forceRefresh: false })).toMatchObject({ accessKeyId: 'A1' })
    expect(await values.credentials({ forceRefresh: true })).toMatchObject({ accessKeyId: 'A2' })
  })

  test('no credentials', async () => {
    const values = await valuesOf(new DynamoDBClient({ region: 'eu-west-1' }))
    const failure: unknown = await Promise.resolve(values.credentials()).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(CredentialsError)
  })

  test.each([
    [{ region: () => Promise.reject(new Error('none')) }, /No AWS region/],
    [{ region: () => Promise.resolve(undefined as never) }, /No AWS region/],
    [{ endpoint: 'http://db', useFipsEndpoint: true }, /FIPS/],
    [{ accountIdEndpointMode: 'sometimes' as 'preferred' }, /settings of the DynamoDBClient.*sometimes/],
  ])('that cannot be: %j', async (config, message) => {
    const read = readClient(clientOf(config))
    if (read.reason !== undefined) throw new Error(read.reason)
    const failure: unknown = await read.load().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ConfigurationError)
    expect((failure as Error).message).toMatch(message)
  })

  test('timeouts of the SDK that are none', async () => {
    const { connections } = await valuesOf(
      clientOf({ requestHandler: { connectionTimeout: 0, requestTimeout: 2500 } }),
    )
    expect(connections).toEqual({})
  })
})

describe('agents', () => {
  class ProxyAgent extends HttpsAgent {}

  test.each([
    ['a kept connection', new HttpsAgent({ keepAlive: true }), Infinity],
    ['a limit', new HttpsAgent({ keepAlive: true, maxSockets: 3, scheduling: 'fifo' }), 3],
  ])('with no more than %s need not be used', async (_name, httpsAgent, maxSockets) => {
    const values = await valuesOf(clientOf({ requestHandler: { httpsAgent } }))
    expect(await values.agentFor('https:')).toEqual({ maxSockets })
  })

  const patched = new HttpsAgent({ keepAlive: true })
  patched.createConnection = () => {
    throw new Error('no')
  }
  test.each([
    ['a class of its own', new ProxyAgent({ keepAlive: true })],
    ['certificates', new HttpsAgent({ keepAlive: true, ca: 'PEM' })],
    ['a client certificate', new HttpsAgent({ keepAlive: true, cert: 'PEM', key: 'PEM' })],
    ['no check of certificates', new HttpsAgent({ keepAlive: true, rejectUnauthorized: false })],
    ['an address', new HttpsAgent({ keepAlive: true, localAddress: '127.0.0.2' })],
    ['a limit of all sockets', new HttpsAgent({ keepAlive: true, maxTotalSockets: 5 })],
    ['a timeout', new HttpsAgent({ keepAlive: true, timeout: 5 })],
    ['connections that are not kept', new HttpsAgent()],
    ['its own way to connect', patched],
    ['only what an agent must have', { sockets: {}, destroy: () => undefined } as unknown as HttpsAgent],
  ])('with %s are used', async (_name, httpsAgent) => {
    const values = await valuesOf(clientOf({ requestHandler: { httpsAgent } }))
    expect((await values.agentFor('https:')).agent).toBe(httpsAgent)
    expect(await values.agentFor('http:')).toEqual({ maxSockets: 50 })
  })

  test('for http as well', async () => {
    const httpAgent = new HttpAgent({ keepAlive: true, family: 6 })
    const values = await valuesOf(clientOf({ requestHandler: { httpAgent, httpsAgent: { ca: 'PEM' } } }))
    expect((await values.agentFor('http:')).agent).toBe(httpAgent)
    expect((await values.agentFor('https:')).agent).toBeInstanceOf(HttpsAgent)
  })
})

describe('clients a direct transport can stand in for', () => {
  class Shop extends DynamoDBClient {
    readonly shop = true
  }

  test.each([
    ['DynamoDB', new DynamoDB({ region: 'eu-west-1', credentials })],
    ['a subclass that sends as its base', new Shop({ region: 'eu-west-1', credentials })],
    ['with retryMode standard', clientOf({ retryMode: 'standard' })],
    ['with an undefined logger', clientOf({ logger: undefined } as unknown as DynamoDBClientConfig)],
  ])('%s', async (_name, client) => {
    expect(await lateReasonOf(client)).toBeUndefined()
  })

  test('after its first request too', async () => {
    const client = clientOf({ endpoint: 'http://127.0.0.1:9', maxAttempts: 1 })
    await client.config.signer()
    expect(await lateReasonOf(client)).toBeUndefined()
  })

  test('with a handler of another copy of its package', () => {
    const client = clientOf()
    const Own = client.config.requestHandler.constructor as new () => typeof client.config.requestHandler
    // The same code, evaluated again.
    const source = `"httpsAgent"; return {}`
    class NodeHttpHandler {
      readonly metadata = { handlerProtocol: 'http/1.1' }
      readonly configProvider = (new Own() as unknown as { configProvider: Promise<unknown> }).configProvider
      readonly inner = new Own()
      handle(request: never, options: never): unknown {
        return source.includes('httpsAgent') ? this.inner.handle(request, options) : undefined
      }
      destroy(): void {
        return undefined
      }
    }
    expect(reasonOf(clientOf({ requestHandler: new NodeHttpHandler() as never }))).toBeUndefined()
  })
})

describe('clients a direct transport cannot stand in for', () => {
  const pass = (next: unknown): never => next as never
  const changed = (
    change: (client: DynamoDBClient) => void,
    config?: DynamoDBClientConfig,
  ): DynamoDBClient => {
    const client = clientOf(config)
    change(client)
    return client
  }
  class Sender extends DynamoDBClient {
    override send(...parameters: never[]): never {
      return (super.send as (...all: never[]) => never)(...parameters)
    }
  }
  class DocumentClient extends (Object.getPrototypeOf(DynamoDBClient) as new (config: object) => object) {
    readonly config: object
    readonly middlewareStack: unknown
    constructor(client: DynamoDBClient) {
      super(client.config)
      this.config = client.config
      this.middlewareStack = client.middlewareStack
    }
    static from(client: DynamoDBClient): DocumentClient {
      return new DocumentClient(client)
    }
  }
  class Handler {
    handle(): Promise<never> {
      return Promise.reject(new Error('no'))
    }
  }
  const handlerClass = clientOf().config.requestHandler.constructor as new () => object
  class OwnHandler extends handlerClass {}

  test.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /not a DynamoDBClient/],
    ['a stub', { send: () => undefined, destroy: () => undefined }, /not a DynamoDBClient/],
    ['a client that was taken apart', { ...clientOf(), send: pass }, /send\(\)/],
    ['a copy of a client', { ...clientOf(), send: () => 'resolveMiddleware' }, /cannot be compared/],
    [
      'a client of another service',
      changed((client) => Object.assign(client.config, { serviceId: 'S3' })),
      /not a DynamoDBClient/,
    ],
    ['a document client', DocumentClient.from(clientOf()), /document client/],
    ['a stubbed send', changed((client) => Object.assign(client, { send: vi.fn() })), /send\(\) is replaced/],
    ['a send of a subclass', new Sender({ region: 'eu-west-1' }), /send\(\) is replaced/],
    [
      'middleware',
      changed((client) => {
        client.middlewareStack.add(pass, { step: 'build', name: 'tracing' })
      }),
      /middleware.*: tracing$/,
    ],
    [
      'middleware without a name',
      changed((client) => {
        client.middlewareStack.add(pass, { step: 'build' })
      }),
      /middleware.*: anonymous$/,
    ],
    [
      'middleware beside the SDK’s',
      changed((client) => {
        client.middlewareStack.addRelativeTo(pass, {
          relation: 'before',
          toMiddleware: 'retryMiddleware',
          name: 'early',
        })
      }),
      /: early$/,
    ],
    [
      'middleware in place of the SDK’s',
      changed((client) => {
        const place = {
          step: 'finalizeRequest',
          priority: 'high',
          name: 'retryMiddleware',
          override: true,
        } as const
        client.middlewareStack.add(pass, place)
      }),
      /: retryMiddleware$/,
    ],
    [
      'middleware taken away',
      changed((client) => {
        client.middlewareStack.remove('retryMiddleware')
      }),
      /: retryMiddleware$/,
    ],
    ['a handler', clientOf({ requestHandler: new Handler() as never }), /requestHandler/],
    ['a handler of a subclass', clientOf({ requestHandler: new OwnHandler() as never }), /requestHandler/],
    [
      'a stubbed handler',
      changed((client) => Object.assign(client.config.requestHandler, { handle: vi.fn() })),
      /requestHandler/,
    ],
    ['adaptive retries', clientOf({ retryMode: 'adaptive' }), /retryMode is adaptive/],
    [
      'an endpointProvider',
      clientOf({ endpointProvider: () => ({ url: new URL('http://db') }) }),
      /endpointProvider/,
    ],
    ['a signer', clientOf({ signer: { sign: pass } as never }), /signer/],
    ['a signer function', clientOf({ signer: (() => ({ sign: pass })) as never }), /signer/],
    ['a class of signers', clientOf({ signerConstructor: Handler as never }), /signer/],
    ['other authentication', clientOf({ httpAuthSchemes: [] }), /httpAuthSchemes/],
    [
      'other choice of authentication',
      clientOf({ httpAuthSchemeProvider: () => [] }),
      /httpAuthSchemeProvider/,
    ],
    ['a logger', clientOf({ logger: console }), /logger/],
  ])('%s', (_name, client, reason) => {
    expect(reasonOf(client)).toMatch(reason)
  })

  test('a class whose send is stubbed', () => {
    const client = clientOf()
    const stub = vi.spyOn(DynamoDBClient.prototype, 'send')
    expect(reasonOf(client)).toMatch(/send\(\) is replaced/)
    stub.mockRestore()
    delete (DynamoDBClient.prototype as { send?: unknown }).send
    expect(reasonOf(client)).toBeUndefined()
  })

  class Standard {
    readonly mode = 'standard'
    acquireInitialRetryToken = pass
    refreshRetryTokenForRetry = pass
    recordSuccess = pass
  }
  const strategyOf = async (change: (strategy: Record<string, unknown>) => void) => {
    const strategy = (await clientOf().config.retryStrategy()) as unknown as Record<string, unknown>
    change(strategy)
    return clientOf({ retryStrategy: strategy as never })
  }

  test.each<[string, () => DynamoDBClient | Promise<DynamoDBClient>, RegExp]>([
    ['a retry strategy', () => clientOf({ retryStrategy: new Standard() as never }), /retryStrategy/],
    [
      'other attempts',
      () => strategyOf((strategy) => (strategy.maxAttemptsProvider = () => 9)),
      /retryStrategy/,
    ],
    ['another base delay', () => strategyOf((strategy) => (strategy.baseDelay = 1)), /retryStrategy/],
    [
      'another backoff',
      () => strategyOf((strategy) => (strategy.retryBackoffStrategy = { computeNextBackoffDelay: pass })),
      /retryStrategy/,
    ],
    [
      'adaptive retries of a provider',
      () => clientOf({ retryMode: () => Promise.resolve('adaptive') }),
      /adaptive/,
    ],
    ['an endpoint with a path', () => clientOf({ endpoint: 'http://db/path' }), /path/],
    ['an endpoint with a query', () => clientOf({ endpoint: 'http://db?a=b' }), /query/],
    [
      'an endpoint with headers',
      () => clientOf({ endpoint: { url: new URL('http://db'), headers: { 'x-key': ['v'] } } as never }),
      /headers/,
    ],
    ['another region to sign for', () => clientOf({ signingRegion: 'us-east-1' }), /another region/],
    ['another service to sign for', () => clientOf({ signingName: 'dax' } as never), /another service/],
  ])('%s, when the settings are looked up', async (_name, make, reason) => {
    expect(await lateReasonOf(await make())).toMatch(reason)
  })

  test('adaptive retries of the environment, when the settings are looked up', async () => {
    vi.stubEnv('AWS_RETRY_MODE', 'adaptive')
    expect(await lateReasonOf(clientOf())).toMatch(/adaptive/)
  })
})

describe('isUnchanged', () => {
  test.each<[string, (client: DynamoDBClient) => unknown]>([
    ['a stub', (client) => Object.assign(client, { send: vi.fn() })],
    ['middleware', (client) => client.middlewareStack.add((next) => next, { step: 'build' })],
    ['a handler', (client) => Object.assign(client.config, { requestHandler: {} })],
  ])('notices %s', (_name, change) => {
    const client = clientOf()
    const read = readClient(client)
    if (read.reason !== undefined) throw new Error(read.reason)
    expect(read.isUnchanged()).toBe(true)
    change(client)
    expect(read.isUnchanged()).toBe(false)
  })
})
