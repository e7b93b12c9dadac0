import { createHash, createHmac } from 'node:crypto'
import type { RecordedRequest } from './exchange.ts'

/**
 * Tells whether a request as it arrived carries the signature of a secret.
 *
 * Written from the AWS documentation and from the bytes received, so that it shares no mistake with the
 * signers it checks.
 */
export function isSignedWith(secret: string, request: RecordedRequest): boolean {
  const found =
    /Credential=[^/]+\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)$/.exec(
      request.headers.authorization ?? '',
    )
  if (!found) return false
  const [, day = '', region = '', service = '', names = '', signature] = found
  const canonical = [
    request.method,
    request.path,
    '',
    ...names.split(';').map((name) => `${name}:${request.headers[name] ?? ''}`),
    '',
    names,
    sha256(request.body),
  ].join('\n')
  const scope = [day, region, service, 'aws4_request'].join('/')
  const date = request.headers['x-amz-date'] ?? ''
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n')
  const key = scope.split('/').reduce<Buffer | string>(hmac, `AWS4${secret}`)
  return date.startsWith(day) && hmac(key, toSign).toString('hex') === signature
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
