import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ConfigurationError } from '../errors/transport-errors.ts'
import { loadAwsConfiguration } from './aws-configuration.ts'
import { loadSdkConfig, type SdkConfig } from './aws-sdk.ts'
import { hostHeader } from './endpoint.ts'
import type { DirectTransportOptions } from './transport-options.ts'

vi.mock('./aws-sdk.ts', async (original) => {
  const real = await original<{ loadSdkConfig: typeof loadSdkConfig }>()
  return { ...real, loadSdkConfig: vi.fn(real.loadSdkConfig) }
})
const load = vi.mocked(loadSdkConfig)

let folder = ''
beforeEach(() => {
  load.mockClear()
  // The SDK keeps what it has read of a file, so each test has its own.
  folder = mkdtempSync(path.join(tmpdir(), 'aws-configuration-'))
  for (const name of Object.keys(process.env).filter((variable) => variable.startsWith('AWS_')))
    vi.stubEnv(name, undefined)
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  vi.stubEnv('AWS_CONFIG_FILE', path.join(folder, 'config'))
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', path.join(folder, 'credentials'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

function setVariables(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
}
const writeConfig = (text: string, file = 'config'): void => writeFileSync(path.join(folder, file), text)

const defaults = {
  endpoints: [],
  useFipsEndpoint: false,
  useDualstackEndpoint: false,
  accountIdEndpointMode: 'preferred',
  maxAttempts: undefined,
  userAgentAppId: undefined,
}
const failureOf = async (options: DirectTransportOptions = {}): Promise<string> => {
  const error: unknown = await loadAwsConfiguration(options).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ConfigurationError)
  return (error as Error).message
}

describe('without the SDK', () => {
  test('a region in the environment is enough', async () => {
    setVariables({ AWS_REGION: 'eu-west-1' })
    expect(await loadAwsConfiguration({})).toEqual({ ...defaults, region: 'eu-west-1' })
    expect(load).not.toHaveBeenCalled()
  })

  test('reads every variable', async () => {
    setVariables({
      AWS_REGION: 'eu-west-1',
      AWS_MAX_ATTEMPTS: '7',
      AWS_USE_FIPS_ENDPOINT: 'true',
      AWS_USE_DUALSTACK_ENDPOINT: 'True',
      AWS_ACCOUNT_ID_ENDPOINT_MODE: 'required',
      AWS_SDK_UA_APP_ID: 'shop',
    })
    expect(await loadAwsConfiguration({})).toEqual({
      region: 'eu-west-1',
      endpoints: [],
      useFipsEndpoint: true,
      useDualstackEndpoint: true,
      accountIdEndpointMode: 'required',
      maxAttempts: 7,
      userAgentAppId: 'shop',
    })
    expect(load).not.toHaveBeenCalled()
  })

  test('options come before variables', async () => {
    setVariables({
      AWS_REGION: 'eu-west-1',
      AWS_MAX_ATTEMPTS: '7',
      AWS_USE_FIPS_ENDPOINT: 'true',
      AWS_USE_DUALSTACK_ENDPOINT: 'true',
      AWS_ACCOUNT_ID_ENDPOINT_MODE: 'required',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://one:1',
    })
    const configuration = await loadAwsConfiguration({
      region: 'us-east-2',
      endpoint: ['http://two:2', 'three:3'],
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
      accountIdEndpointMode: 'disabled',
      retry: { maxAttempts: 2 },
    })
    expect(configuration).toEqual({
      ...defaults,
      region: 'us-east-2',
      endpoints: [
        { protocol: 'http:', hostname: 'two', port: 2 },
        { protocol: 'https:', hostname: 'three', port: 3 },
      ],
      accountIdEndpointMode: 'disabled',
      maxAttempts: 2,
    })
    expect(load).not.toHaveBeenCalled()
  })

  test.each([
    [{ AWS_ENDPOINT_URL: 'http://all:1' }, ['all:1']],
    [{ AWS_ENDPOINT_URL: 'http://all:1', AWS_ENDPOINT_URL_DYNAMODB: 'http://db:2' }, ['db:2']],
    [{ AWS_ENDPOINT_URL: 'http://all:1', AWS_ENDPOINT_URL_DYNAMODB: '' }, ['all:1']],
    [{ AWS_ENDPOINT_URL: 'http://all:1', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, []],
    [{ AWS_ENDPOINT_URL: 'http://all:1', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false' }, ['all:1']],
  ])('endpoints of %j', async (variables, hosts) => {
    setVariables({ AWS_REGION: 'eu-west-1', ...variables })
    expect((await loadAwsConfiguration({})).endpoints.map(hostHeader)).toEqual(hosts)
    expect(load).not.toHaveBeenCalled()
  })

  test('an endpoint option is not held back by AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', async () => {
    setVariables({ AWS_REGION: 'eu-west-1', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' })
    const { endpoints } = await loadAwsConfiguration({ endpoint: 'localhost:8000' })
    expect(endpoints.map(hostHeader)).toEqual(['localhost:8000'])
  })

  test('a config file that says nothing new does not matter', async () => {
    setVariables({ AWS_REGION: 'eu-west-1' })
    writeConfig('[default]\nregion = us-west-2\noutput = json\nsso_start_url = https://sso\n')
    writeConfig('[default]\naws_access_key_id = A\naws_secret_access_key = s\n', 'credentials')
    expect((await loadAwsConfiguration({})).region).toBe('eu-west-1')
    expect(load).not.toHaveBeenCalled()
  })

  test('nor does one whose settings are all given', async () => {
    setVariables({ AWS_REGION: 'eu-west-1', AWS_MAX_ATTEMPTS: '3' })
    writeConfig('[default]\nmax_attempts = 9\nuse_fips_endpoint = true\n')
    const { maxAttempts, useFipsEndpoint } = await loadAwsConfiguration({ useFipsEndpoint: false })
    expect([maxAttempts, useFipsEndpoint]).toEqual([3, false])
    expect(load).not.toHaveBeenCalled()
  })

  test('finds the files where the SDK finds them', async () => {
    vi.stubEnv('AWS_CONFIG_FILE', undefined)
    vi.stubEnv('HOME', folder)
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '~/elsewhere')
    setVariables({ AWS_REGION: 'eu-west-1' })
    writeFileSync(path.join(folder, 'elsewhere'), '[default]\nmax_attempts = 9\n')
    expect((await loadAwsConfiguration({})).maxAttempts).toBe(9)
  })
})

describe('with a shared config', () => {
  const everything = `[default]
region = eu-central-1
max_attempts = 9
use_fips_endpoint = true
use_dualstack_endpoint = true
account_id_endpoint_mode = disabled
sdk_ua_app_id = shop
[profile other]
region = eu-north-1
max_attempts = 5
`

  test('finds there what is missing', async () => {
    writeConfig(everything)
    expect(await loadAwsConfiguration({})).toEqual({
      region: 'eu-central-1',
      endpoints: [],
      maxAttempts: 9,
      useFipsEndpoint: true,
      useDualstackEndpoint: true,
      accountIdEndpointMode: 'disabled',
      userAgentAppId: 'shop',
    })
    expect(load).toHaveBeenCalledTimes(1)
  })

  test('variables come before it', async () => {
    writeConfig(everything)
    setVariables({ AWS_MAX_ATTEMPTS: '2', AWS_USE_FIPS_ENDPOINT: 'false', AWS_REGION: 'eu-west-3' })
    const { maxAttempts, useFipsEndpoint, region, accountIdEndpointMode } = await loadAwsConfiguration({})
    expect({ maxAttempts, useFipsEndpoint, region, accountIdEndpointMode }).toEqual({
      maxAttempts: 2,
      useFipsEndpoint: false,
      region: 'eu-west-3',
      accountIdEndpointMode: 'disabled',
    })
  })

  test('reads the profile that is asked for, by option before AWS_PROFILE', async () => {
    writeConfig(everything)
    expect(await loadAwsConfiguration({ profile: 'other' })).toMatchObject({
      region: 'eu-north-1',
      maxAttempts: 5,
    })
    setVariables({ AWS_PROFILE: 'other' })
    expect((await loadAwsConfiguration({})).region).toBe('eu-north-1')
    expect((await loadAwsConfiguration({ profile: 'default' })).region).toBe('eu-central-1')
  })

  test('a region that means FIPS, whatever else is set', async () => {
    writeConfig('[default]\nregion = fips-us-east-1\n')
    const sdk = new DynamoDBClient({ useFipsEndpoint: false }).config
    const { region, useFipsEndpoint } = await loadAwsConfiguration({ useFipsEndpoint: false })
    expect([region, useFipsEndpoint]).toEqual(['us-east-1', true])
    expect([await sdk.region(), await sdk.useFipsEndpoint()]).toEqual(['us-east-1', true])
  })

  test('an option comes before it although the region is found there', async () => {
    writeConfig(everything)
    const { region, useFipsEndpoint } = await loadAwsConfiguration({ useFipsEndpoint: false })
    expect([region, useFipsEndpoint]).toEqual(['eu-central-1', false])
  })

  test('an endpoint of a services section', async () => {
    setVariables({ AWS_REGION: 'eu-west-1' })
    writeConfig(
      '[default]\nservices = mine\nendpoint_url = http://all:1\n[services mine]\ndynamodb =\n  endpoint_url = http://db:2\n',
    )
    expect((await loadAwsConfiguration({})).endpoints.map(hostHeader)).toEqual(['db:2'])
    setVariables({ AWS_ENDPOINT_URL: 'http://variable:3' })
    load.mockClear()
    expect((await loadAwsConfiguration({})).endpoints.map(hostHeader)).toEqual(['variable:3'])
    expect(load).not.toHaveBeenCalled()
  })

  test('can forbid the endpoints of variables', async () => {
    setVariables({ AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'http://variable:3' })
    writeConfig('[default]\nignore_configured_endpoint_urls = true\n')
    expect((await loadAwsConfiguration({})).endpoints).toEqual([])
  })

  test('finds what a client of the SDK finds', async () => {
    const flag = fc.constantFrom(undefined, 'true', 'false')
    const variables = fc.record({
      AWS_REGION: fc.constantFrom(
        undefined,
        'eu-west-1',
        'us-gov-west-1',
        'fips-us-east-1',
        'us-west-2-fips',
      ),
      AWS_MAX_ATTEMPTS: fc.constantFrom(undefined, '1', '12'),
      AWS_USE_FIPS_ENDPOINT: flag,
      AWS_USE_DUALSTACK_ENDPOINT: flag,
      AWS_ACCOUNT_ID_ENDPOINT_MODE: fc.constantFrom(undefined, 'required', 'disabled', 'preferred'),
      AWS_ENDPOINT_URL: fc.constantFrom(undefined, 'http://all:1'),
      AWS_ENDPOINT_URL_DYNAMODB: fc.constantFrom(undefined, 'http://db:1'),
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: flag,
    })
    const line = (name: string, ...values: string[]) =>
      fc.constantFrom('', ...values.map((value) => `${name} = ${value}\n`))
    const config = fc
      .tuple(
        line('max_attempts', '5'),
        line('use_fips_endpoint', 'true', 'false'),
        line('use_dualstack_endpoint', 'true', 'false'),
        line('account_id_endpoint_mode', 'disabled', 'required'),
        line('endpoint_url', 'http://file:1'),
        line('ignore_configured_endpoint_urls', 'true', 'false'),
      )
      .map((lines) => `[default]\nregion = eu-south-1\n${lines.join('')}`)
    let file = 0
    await fc.assert(
      fc.asyncProperty(variables, config, async (environment, text) => {
        const name = `config-${String(file++)}`
        vi.stubEnv('AWS_CONFIG_FILE', path.join(folder, name))
        writeConfig(text, name)
        for (const [variable, value] of Object.entries(environment)) vi.stubEnv(variable, value)
        const sdk = new DynamoDBClient({}).config
        const endpoint = await (sdk as unknown as SdkConfig).serviceConfiguredEndpoint?.()
        const flags = [await sdk.useFipsEndpoint(), await sdk.useDualstackEndpoint()]
        if (endpoint !== undefined && flags.includes(true)) {
          await failureOf()
          return
        }
        const found = await loadAwsConfiguration({})
        expect(found.region).toBe(await sdk.region())
        expect(found.maxAttempts ?? 4).toBe(await sdk.maxAttempts())
        expect([found.useFipsEndpoint, found.useDualstackEndpoint]).toEqual(flags)
        expect(found.accountIdEndpointMode).toBe(await sdk.accountIdEndpointMode())
        expect(found.endpoints.map((one) => `http://${hostHeader(one)}`)).toEqual(endpoint ? [endpoint] : [])
      }),
      { numRuns: 300 },
    )
  })
})

describe('what cannot be', () => {
  test('no region', async () => {
    expect(await failureOf()).toMatch(/No AWS region.*AWS_REGION.*~\/\.aws\/config/)
    setVariables({ AWS_DEFAULT_REGION: 'eu-west-1' })
    expect(await failureOf()).toMatch(/AWS_DEFAULT_REGION is not read/)
  })

  test('no region and no SDK', async () => {
    load.mockRejectedValueOnce(new ConfigurationError('install it'))
    const message = await failureOf()
    expect(message).toMatch(/No AWS region.*AWS_REGION/)
    expect(message).toContain('npm install @aws-sdk/client-dynamodb')
  })

  test('a config file that matters and no SDK', async () => {
    setVariables({ AWS_REGION: 'eu-west-1' })
    writeConfig('[default]\nmax_attempts = 9\n')
    load.mockRejectedValueOnce(new ConfigurationError('install it'))
    expect(await failureOf()).toBe('install it')
  })

  test.each([
    [{ AWS_REGION: 'eu west' }, /'eu west' is not the name/],
    [{ AWS_REGION: 'eu-west-1.example.com' }, /is not the name/],
    [{ AWS_MAX_ATTEMPTS: '0' }, /AWS_MAX_ATTEMPTS/],
    [{ AWS_MAX_ATTEMPTS: 'many' }, /AWS_MAX_ATTEMPTS/],
    [{ AWS_USE_FIPS_ENDPOINT: '1' }, /AWS_USE_FIPS_ENDPOINT must be 'true' or 'false'/],
    [{ AWS_USE_DUALSTACK_ENDPOINT: 'yes' }, /AWS_USE_DUALSTACK_ENDPOINT/],
    [{ AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'no' }, /AWS_IGNORE_CONFIGURED_ENDPOINT_URLS/],
    [{ AWS_ACCOUNT_ID_ENDPOINT_MODE: 'on' }, /AWS_ACCOUNT_ID_ENDPOINT_MODE/],
    [{ AWS_ENDPOINT_URL: 'http://db/path' }, /has a path/],
    [{ AWS_ENDPOINT_URL: 'http://db', AWS_USE_FIPS_ENDPOINT: 'true' }, /FIPS.*endpoint is set/],
    [{ AWS_ENDPOINT_URL: 'http://db', AWS_USE_DUALSTACK_ENDPOINT: 'true' }, /dual-stack/],
  ])('%j', async (variables, message) => {
    setVariables({ AWS_REGION: 'eu-west-1', ...variables })
    expect(await failureOf()).toMatch(message)
  })

  test('an empty list of endpoints', async () => {
    expect(await failureOf({ region: 'eu-west-1', endpoint: [] })).toMatch(/empty/)
  })
})
