import { describe, expect, test } from 'vitest'
import { readAuthorization } from './authorization.ts'
import { ServiceError } from './service-error.ts'

const complete =
  'AWS4-HMAC-SHA256 Credential=AKID/20261125/eu-west-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=abc'
const date = { 'x-amz-date': '20261125T000000Z' }

function failure(headers: Record<string, string>, search = ''): string {
  try {
    readAuthorization({ headers, query: new URLSearchParams(search) })
  } catch (error) {
    if (error instanceof ServiceError) return `${error.name}: ${error.message}`
    throw error
  }
  throw new Error('It was accepted.')
}

describe('the signature of a request', () => {
  test('tells access key and region', () => {
    const query = new URLSearchParams()
    expect(readAuthorization({ headers: { ...date, authorization: complete }, query })).toEqual({
      accessKeyId: 'AKID',
      region: 'eu-west-1',
    })
    expect(
      readAuthorization({
        headers: { ...date, authorization: complete.replace('AKID', 'a/b').replaceAll(', ', ',') },
        query,
      }).accessKeyId,
    ).toBe('a/b')
  })

  test('may stand in the query string', () => {
    const query = new URLSearchParams({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKID/20261125/us-east-1/dynamodb/aws4_request',
      'X-Amz-Date': '20261125T000000Z',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': 'abc',
    })
    expect(readAuthorization({ headers: {}, query })).toEqual({ accessKeyId: 'AKID', region: 'us-east-1' })
  })

  test('that is missing is answered as AWS answers it', () => {
    const missing = 'MissingAuthenticationTokenException: Request is missing Authentication Token'
    expect(failure({})).toBe(missing)
    expect(failure({ authorization: 'Basic abc' })).toBe(missing)
  })

  test('that is incomplete is named part by part, without repeating it', () => {
    const nothing = failure({ authorization: 'AWS4-HMAC-SHA256' })
    expect(nothing).toMatch(
      /^IncompleteSignatureException: Authorization header requires 'Credential' parameter\. Authorization header requires 'Signature' parameter\. Authorization header requires 'SignedHeaders' parameter\. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header\. \(Hashed/,
    )
    const empty = failure({
      ...date,
      authorization: complete.replace('AKID/20261125/eu-west-1/dynamodb/aws4_request', ''),
    })
    expect(empty).toMatch(
      /^IncompleteSignatureException: Authorization header requires 'Credential' parameter\. \(/,
    )
    expect(failure({ authorization: complete })).not.toContain('AKID')
    expect(failure({}, 'X-Amz-Algorithm=AWS4-HMAC-SHA256')).toBe(
      "IncompleteSignatureException: AWS query-string parameters must include 'X-Amz-Credential'. " +
        "AWS query-string parameters must include 'X-Amz-Signature'. " +
        "AWS query-string parameters must include 'X-Amz-SignedHeaders'. " +
        "AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.",
    )
  })

  test('given twice is refused', () => {
    expect(failure({ ...date, authorization: complete }, 'X-Amz-Algorithm=AWS4-HMAC-SHA256')).toMatch(
      /^InvalidSignatureException: Found both/,
    )
  })

  test('for something else than DynamoDB is refused', () => {
    expect(failure({ ...date, authorization: complete.replace('/dynamodb/', '/s3/') })).toBe(
      "InvalidSignatureException: Credential should be scoped to correct service: 'dynamodb'. ",
    )
    expect(failure({ ...date, authorization: complete.replace('/aws4_request', '') })).toMatch(
      /^IncompleteSignatureException: Credential must have exactly 5/,
    )
  })
})
