import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { DynamoDBError } from '../errors/dynamodb-error.ts'
import { ConfigurationError } from '../errors/transport-errors.ts'
import { askSdkForEndpoint, sdkParameters } from './aws-sdk.ts'
import {
  type Endpoint,
  type EndpointParameters,
  hostHeader,
  parseEndpoint,
  resolveEndpoint,
  type SdkEndpoint,
  tableAccount,
} from './endpoint.ts'

/** Every region of every partition the SDK lists, with the pseudo-regions of partitions. */
const listedRegions = [
  'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2',
  'ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7',
  'aws-global ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1',
  'eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1',
  'us-east-1 us-east-2 us-west-1 us-west-2 aws-cn-global cn-north-1 cn-northwest-1 eusc-de-east-1',
  'aws-iso-global us-iso-east-1 us-iso-west-1 aws-iso-b-global us-isob-east-1 us-isob-west-1',
  'aws-iso-e-global eu-isoe-west-1 aws-iso-f-global us-isof-east-1 us-isof-south-1',
  'aws-us-gov-global us-gov-east-1 us-gov-west-1 local',
].flatMap((line) => line.split(' '))

const regionLike = fc.oneof(
  fc.stringMatching(/^(us|eu|ap|sa|ca|me|af|il|mx|cn|xx|us-gov|us-iso|eusc-de)-[a-z]{2,9}-\d{1,2}$/),
  fc.stringMatching(/^(us|eu|cn|us-gov)-[A-Za-z0-9_]{1,8}-\d$/),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/),
)

const anyParameters: fc.Arbitrary<EndpointParameters> = fc.record({
  region: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...listedRegions) }, regionLike),
  accountId: fc.oneof(
    fc.constant(undefined),
    fc.stringMatching(/^\d{12}$/),
    fc.stringMatching(/^[A-Za-z0-9-]{1,64}$/),
    fc.constantFrom('', '-1', '1-', '1.2', 'ä'),
  ),
  accountIdEndpointMode: fc.constantFrom(
    undefined,
    'preferred' as const,
    'required' as const,
    'disabled' as const,
  ),
  useFipsEndpoint: fc.boolean(),
  useDualstackEndpoint: fc.boolean(),
})

const sdkProvider = new DynamoDBClient({ region: 'us-east-1' }).config.endpointProvider as unknown as (
  parameters: object,
) => SdkEndpoint & { readonly url: URL }
const askSdk = (parameters: EndpointParameters): SdkEndpoint => sdkProvider(sdkParameters(parameters))

const urlOf = (endpoint: Endpoint): string => `${endpoint.protocol}//${hostHeader(endpoint)}/`
const outcome = async (run: () => unknown): Promise<unknown> => {
  try {
    return await run()
  } catch (error) {
    return error instanceof Error ? 'refused' : error
  }
}

const plain = { useFipsEndpoint: false, useDualstackEndpoint: false }

describe('resolveEndpoint', () => {
  test('answers what the SDK answers, or refuses what it refuses', async () => {
    await fc.assert(
      fc.asyncProperty(anyParameters, async (parameters) => {
        const ours = await outcome(async () => urlOf(await resolveEndpoint(parameters, askSdk)))
        const theirs = await outcome(() => sdkProvider(sdkParameters(parameters)).url.href)
        expect(ours).toEqual(theirs)
      }),
      { numRuns: 3000 },
    )
  })

  test('does not ask the SDK where most requests go', () => {
    const ask = vi.fn(askSdk)
    const accountId = '123456789012'
    const urls = ['eu-west-1', 'us-gov-west-1', 'cn-north-1', 'local'].flatMap((region) => [
      urlOf(resolveEndpoint({ region, ...plain }, ask) as Endpoint),
      urlOf(
        resolveEndpoint({ region, accountId, accountIdEndpointMode: 'preferred', ...plain }, ask) as Endpoint,
      ),
    ])
    expect(urls).toEqual([
      'https://dynamodb.eu-west-1.amazonaws.com/',
      'https://123456789012.ddb.eu-west-1.amazonaws.com/',
      'https://dynamodb.us-gov-west-1.amazonaws.com/',
      'https://123456789012.ddb.us-gov-west-1.amazonaws.com/',
      'https://dynamodb.cn-north-1.amazonaws.com.cn/',
      'https://123456789012.ddb.cn-north-1.amazonaws.com.cn/',
      'http://localhost:8000/',
      'http://localhost:8000/',
    ])
    expect(ask).not.toHaveBeenCalled()
  })

  test('signs for the region the SDK signs for', async () => {
    expect((await resolveEndpoint({ region: 'local', ...plain }, askSdk)).region).toBe('us-east-1')
    const [scheme] = sdkProvider({ Region: 'local' }).properties!.authSchemes as [{ signingRegion: string }]
    expect(scheme.signingRegion).toBe('us-east-1')
    expect((await resolveEndpoint({ region: 'eu-west-1', ...plain }, askSdk)).region).toBeUndefined()
  })

  test('asks the SDK once for each set of parameters', async () => {
    const ask = vi.fn((parameters: EndpointParameters) => Promise.resolve(askSdk(parameters)))
    const fips = { region: 'us-east-2', useFipsEndpoint: true, useDualstackEndpoint: false }
    const [first, second] = await Promise.all([resolveEndpoint(fips, ask), resolveEndpoint({ ...fips }, ask)])
    expect(first.hostname).toBe('dynamodb-fips.us-east-2.amazonaws.com')
    expect(second).toBe(first)
    expect(resolveEndpoint(fips, ask)).toBe(first)
    expect(ask).toHaveBeenCalledTimes(1)
    await resolveEndpoint({ ...fips, useDualstackEndpoint: true }, ask)
    expect(ask).toHaveBeenCalledTimes(2)
  })

  test('asks again after a failure, and passes on what the SDK says', async () => {
    const ask = vi.fn(askSdk).mockImplementationOnce(() => {
      throw new Error('not today')
    })
    const parameters = { region: 'us-iso-east-1', ...plain }
    const failure = await Promise.resolve(resolveEndpoint(parameters, ask)).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ConfigurationError)
    expect((failure as Error).message).toContain('us-iso-east-1')
    expect((failure as Error).message).toContain('not today')
    expect((await resolveEndpoint(parameters, ask)).hostname).toBe('dynamodb.us-iso-east-1.c2s.ic.gov')
  })

  test('keeps the error of a missing SDK as it is', async () => {
    const missing = new ConfigurationError('install it')
    const ask = (): Promise<SdkEndpoint> => Promise.reject(missing)
    await expect(resolveEndpoint({ region: 'xx-new-1', ...plain }, ask)).rejects.toBe(missing)
  })

  test('says what to do when an account-based endpoint is required and cannot be had', () => {
    const required = { accountIdEndpointMode: 'required' as const, ...plain }
    const message = (parameters: Partial<EndpointParameters>): string => {
      try {
        void resolveEndpoint({ region: 'eu-west-1', ...required, ...parameters }, askSdk)
        return 'accepted'
      } catch (error) {
        return DynamoDBError.is(error) ? `${error.code}: ${error.message}` : 'another error'
      }
    }
    expect(message({})).toMatch(/^Configuration: .*AWS_ACCOUNT_ID/)
    expect(message({ region: 'us-gov-north-1', accountId: '123456789012' })).toMatch(
      /us-gov-north-1.*preferred/,
    )
    expect(message({ accountId: 'not.one' })).toMatch(/disabled/)
  })

  test('is asked of the installed SDK', async () => {
    const parameters = { region: 'eu-west-1', useFipsEndpoint: false, useDualstackEndpoint: true }
    const endpoint = await resolveEndpoint(parameters, askSdkForEndpoint)
    expect(endpoint).toEqual({ protocol: 'https:', hostname: 'dynamodb.eu-west-1.api.aws' })
  })
})

describe('parseEndpoint', () => {
  test.each([
    ['http://127.0.0.1:8000', { protocol: 'http:', hostname: '127.0.0.1', port: 8000 }, '127.0.0.1:8000'],
    ['https://db.example.com/', { protocol: 'https:', hostname: 'db.example.com' }, 'db.example.com'],
    ['HTTPS://DB.example.com:443', { protocol: 'https:', hostname: 'db.example.com' }, 'db.example.com'],
    ['http://db:443', { protocol: 'http:', hostname: 'db', port: 443 }, 'db:443'],
    ['https://[::1]:8000', { protocol: 'https:', hostname: '::1', port: 8000 }, '[::1]:8000'],
    ['http://[2001:DB8::1]', { protocol: 'http:', hostname: '2001:db8::1' }, '[2001:db8::1]'],
    ['localhost:8000', { protocol: 'http:', hostname: 'localhost', port: 8000 }, 'localhost:8000'],
    ['127.0.0.1', { protocol: 'http:', hostname: '127.0.0.1' }, '127.0.0.1'],
    ['[::1]:8000', { protocol: 'http:', hostname: '::1', port: 8000 }, '[::1]:8000'],
    [
      'db.example.com:8043',
      { protocol: 'https:', hostname: 'db.example.com', port: 8043 },
      'db.example.com:8043',
    ],
    [' http://db:8000 ', { protocol: 'http:', hostname: 'db', port: 8000 }, 'db:8000'],
  ])('%s', (text, endpoint, host) => {
    expect(parseEndpoint(text)).toEqual(endpoint)
    expect(hostHeader(parseEndpoint(text))).toBe(host)
  })

  test.each([
    ['', /not an address/],
    ['http://', /not an address/],
    ['http://a b', /not an address/],
    ['http://db:99999', /not an address/],
    ['ftp://db', /neither http nor https/],
    ['http://db/path', /has a path/],
    ['db/path', /has a path/],
    ['http://db?table=1', /has a query/],
    ['http://db#part', /has a query/],
  ])('refuses %j', (text, problem) => {
    expect(() => parseEndpoint(text)).toThrow(problem)
    expect(() => parseEndpoint(text)).toThrow(ConfigurationError)
  })

  test.each([
    'http://me:hunter2@db',
    'http://hunter2@db:8000',
    'http://me:hunter2 @',
    'http://db?key=hunter2',
  ])('does not repeat what may be a secret', (text) => {
    expect(() => parseEndpoint(text)).toThrow(ConfigurationError)
    expect(() => parseEndpoint(text)).not.toThrow(/hunter2/)
  })

  test('takes every endpoint it writes', () => {
    const hosts = fc.oneof(
      fc.domain(),
      fc.ipV4(),
      fc.ipV6().map((address) => `[${address}]`),
    )
    fc.assert(
      fc.property(
        fc.constantFrom('http:', 'https:'),
        hosts,
        fc.option(fc.nat(65535)),
        (protocol, host, port) => {
          const endpoint = parseEndpoint(`${protocol}//${host}${port === null ? '' : `:${String(port)}`}`)
          expect(parseEndpoint(`${endpoint.protocol}//${hostHeader(endpoint)}`)).toEqual(endpoint)
        },
      ),
    )
  })
})

describe('tableAccount', () => {
  test.each([
    ['Products', undefined],
    ['arn:aws:dynamodb:eu-west-1:123456789012:table/Products', '123456789012'],
    ['arn:aws:dynamodb:us-east-1:123456789012:table/Products', undefined],
    ['arn:aws:kinesis:eu-west-1:123456789012:stream/Products', undefined],
    ['arn:aws:dynamodb:eu-west-1:123456789012:', undefined],
    ['arn::dynamodb:eu-west-1:123456789012:table/Products', undefined],
    ['arn:aws:dynamodb:eu-west-1::table/Products', undefined],
    ['arn:aws:dynamodb', undefined],
  ])('%s', (tableName, account) => {
    expect(tableAccount(tableName, 'eu-west-1')).toBe(account)
  })

  test('leads to the endpoint the SDK uses', () => {
    const part = fc.constantFrom('arn', 'aws', 'dynamodb', 'eu-west-1', '123456789012', 'table/T', '', '-')
    const names = fc.oneof(
      fc.array(part, { maxLength: 7 }).map((parts) => parts.join(':')),
      fc.tuple(part, part, part, part, part).map((parts) => `arn:${parts.join(':')}`),
      fc
        .tuple(fc.constantFrom('eu-west-1', 'us-east-1'), fc.stringMatching(/^[0-9-]{0,13}$/))
        .map(([region, account]) => `arn:aws:dynamodb:${region}:${account}:table/T`),
    )
    fc.assert(
      fc.property(names, (tableName) => {
        const mode = { accountIdEndpointMode: 'preferred' as const, region: 'eu-west-1', ...plain }
        const accountId = tableAccount(tableName, 'eu-west-1') ?? '999999999999'
        const ours = resolveEndpoint({ ...mode, accountId }, askSdk) as Endpoint
        const parameters = {
          ...sdkParameters({ ...mode, accountId: '999999999999' }),
          ResourceArn: tableName,
        }
        expect(urlOf(ours)).toBe(sdkProvider(parameters).url.href)
      }),
      { numRuns: 1000 },
    )
  })
})
