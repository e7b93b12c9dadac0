import { createHash } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Signer, signingKey, signText, stringToSign } from './signer.ts'

const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

describe("AWS's published examples", () => {
  // AWS General Reference, "Examples of how to derive a signing key for Signature Version 4".
  test.each([
    ['20150830', 'c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9'],
    ['20120215', 'f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d'],
  ])('the key of %s', (day, key) => {
    expect(signingKey(secretAccessKey, day, 'us-east-1', 'iam').toString('hex')).toBe(key)
  })

  test('the signature of the IAM example', () => {
    const canonical = `GET\n/\nAction=ListUsers&Version=2010-05-08\ncontent-type:application/x-www-form-urlencoded; charset=utf-8\nhost:iam.amazonaws.com\nx-amz-date:20150830T123600Z\n\ncontent-type;host;x-amz-date\n${hash('')}`
    const text = stringToSign('20150830T123600Z', '20150830/us-east-1/iam/aws4_request', canonical)
    expect(text).toBe(
      'AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\nf536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59',
    )
    expect(signText(signingKey(secretAccessKey, '20150830', 'us-east-1', 'iam'), text)).toBe(
      '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    )
  })

  const token =
    'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=='
  const form = 'application/x-www-form-urlencoded'
  // aws-sig-v4-test-suite; all for example.amazonaws.com at 20150830T123600Z.
  test.each([
    ['get-vanilla', 'GET', '', '', '', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['post-vanilla', 'POST', '', '', '', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    [
      'post-x-www-form-urlencoded',
      'POST',
      form,
      '',
      'Param1=value1',
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
    [
      'post-x-www-form-urlencoded-parameters',
      'POST',
      `${form}; charset=utf8`,
      '',
      'Param1=value1',
      '1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe',
    ],
    [
      'post-sts-header-before',
      'POST',
      '',
      token,
      '',
      '85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead',
    ],
    // The token is added after signing, so the signature is that of post-vanilla.
    [
      'post-sts-header-after',
      'POST',
      '',
      '',
      '',
      '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    ],
  ])('%s', (_name, method, type, sessionToken, body, signature) => {
    const headers: [string, string][] = [
      ['content-type', type],
      ['host', 'example.amazonaws.com'],
      ['x-amz-date', '20150830T123600Z'],
      ['x-amz-security-token', sessionToken],
    ]
    const present = headers.filter(([, value]) => value !== '')
    const lines = present.map(([name, value]) => `${name}:${value}\n`).join('')
    const names = present.map(([name]) => name).join(';')
    const canonical = `${method}\n/\n\n${lines}\n${names}\n${hash(body)}`
    const text = stringToSign('20150830T123600Z', '20150830/us-east-1/service/aws4_request', canonical)
    expect(signText(signingKey(secretAccessKey, '20150830', 'us-east-1', 'service'), text)).toBe(signature)
  })
})

interface SdkSigner {
  applyChecksum: boolean
  sign(request: object, options: object): Promise<{ headers: Record<string, string> }>
}

interface Case {
  readonly host: string
  readonly target: string
  readonly body: string
  readonly region: string
  readonly credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
  readonly time: number
}

/** The headers the SDK's own signer makes for the same request. */
async function sdkSignature({ host, target, body, region, credentials, time }: Case) {
  const client = new DynamoDBClient({ region, credentials })
  const scheme = { name: 'sigv4', signingName: 'dynamodb', signingRegion: region, properties: {} }
  const signer = (await client.config.signer(scheme)) as unknown as SdkSigner
  // DynamoDB does not need the header with the body's hash, and dynakit does not send it.
  signer.applyChecksum = false
  const request = {
    method: 'POST',
    protocol: 'https:',
    hostname: host,
    path: '/',
    query: {},
    headers: { host, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
    body,
  }
  const { headers } = await signer.sign(request, { signingDate: new Date(time) })
  return { date: headers['x-amz-date'], authorization: headers.authorization }
}

const headerText = fc.stringMatching(/^[\x21-\x7e]{1,60}$/)
const anyCase: fc.Arbitrary<Case> = fc.record({
  host: fc.oneof(
    fc.domain(),
    fc
      .tuple(fc.ipV4(), fc.integer({ min: 1, max: 65535 }))
      .map(([address, port]) => `${address}:${String(port)}`),
    fc.ipV6().map((address) => `[${address}]:8000`),
  ),
  target: fc.stringMatching(/^DynamoDB_20120810\.[A-Za-z]{1,20}$/),
  body: fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', minLength: 100 })),
  region: fc.constantFrom('us-east-1', 'eu-west-1', 'cn-north-1', 'us-gov-west-1', 'local'),
  credentials: fc.record(
    { accessKeyId: headerText, secretAccessKey: fc.string({ minLength: 1 }), sessionToken: headerText },
    { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
  ),
  time: fc.integer({ min: 0, max: Date.UTC(2100, 0) }),
})

const sign = (signer: Signer, one: Case) => signer.sign(one, one.credentials, one.time)

describe('Signer', () => {
  test("makes the signatures of the SDK's signer", async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (one) => {
        expect(sign(new Signer(one.region), one)).toEqual(await sdkSignature(one))
      }),
      { numRuns: 500 },
    )
  })

  test('gives the same whatever it signed before', () => {
    fc.assert(
      fc.property(
        fc.array(anyCase, { minLength: 2, maxLength: 8 }),
        fc.infiniteStream(fc.nat()),
        (cases, picks) => {
          const signer = new Signer('eu-west-1')
          for (let at = 0; at < 20; at++) {
            const one = cases[picks.next().value! % cases.length]!
            expect(sign(signer, one)).toEqual(sign(new Signer('eu-west-1'), one))
          }
        },
      ),
    )
  })

  const request: Case = {
    host: 'dynamodb.eu-west-1.amazonaws.com',
    target: 'DynamoDB_20120810.GetItem',
    body: '{}',
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey },
    time: Date.UTC(2026, 0, 31, 23, 59, 59, 999),
  }
  const other = { accessKeyId: 'AKIDOTHER', secretAccessKey: 'another', sessionToken: 'token' }

  test('follows the day of UTC, there and back', async () => {
    const signer = new Signer('eu-west-1')
    for (const time of [request.time, request.time + 1, request.time, request.time - 86_400_000]) {
      const signature = sign(signer, { ...request, time })
      expect(signature).toEqual(await sdkSignature({ ...request, time }))
      expect(signature.authorization).toContain(`/${signature.date.slice(0, 8)}/eu-west-1/dynamodb/`)
    }
  })

  test('follows changed credentials, there and back', async () => {
    const signer = new Signer('eu-west-1')
    for (const credentials of [request.credentials, other, request.credentials, other, other]) {
      expect(sign(signer, { ...request, credentials })).toEqual(
        await sdkSignature({ ...request, credentials }),
      )
    }
  })

  test('follows a new key id that comes with the same secret', () => {
    const signer = new Signer('eu-west-1')
    sign(signer, request)
    const renamed = { ...request, credentials: { accessKeyId: 'AKIDNEW', secretAccessKey } }
    expect(sign(signer, renamed)).toEqual(sign(new Signer('eu-west-1'), renamed))
  })

  test('signs the first second of the epoch', () => {
    expect(sign(new Signer('eu-west-1'), { ...request, time: 0 }).date).toBe('19700101T000000Z')
  })

  test('names no more of the credentials than the key id', () => {
    const { authorization } = sign(new Signer('eu-west-1'), { ...request, credentials: other })
    expect(authorization).toContain('Credential=AKIDOTHER/20260131/eu-west-1/dynamodb/aws4_request')
    expect(authorization).not.toMatch(/another|=token/)
  })
})
