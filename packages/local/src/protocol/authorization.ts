import { createHash } from 'node:crypto'
import { ServiceError } from './service-error.ts'

/** What a request's signature says of who sends it. The signature itself is not verified: any secret will do. */
export interface Authorization {
  readonly accessKeyId: string
  readonly region: string
}

/** The parts of a request that carry a signature. */
export interface SignedRequest {
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly query: URLSearchParams
}

const headerParameters = ['Credential', 'Signature', 'SignedHeaders']
const queryParameters = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
  'X-Amz-Date',
]

/**
 * Reads the signature of a request (AWS Signature Version 4, in a header or in the query string).
 *
 * @param request - Its headers and query string.
 * @returns Access key and region.
 * @throws ServiceError as AWS answers a missing or malformed signature.
 * @internal
 */
export function readAuthorization({ headers, query }: SignedRequest): Authorization {
  const header = textOf(headers.authorization)
  const isInQuery = query.has('X-Amz-Algorithm')
  if (header !== undefined && isInQuery) {
    throw new ServiceError(
      'InvalidSignatureException',
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    )
  }
  if (isInQuery) return readCredential(credentialOfQuery(query))
  if (header?.trim().startsWith('AWS4-') !== true) {
    throw new ServiceError('MissingAuthenticationTokenException', 'Request is missing Authentication Token')
  }
  const hasDate = headers['x-amz-date'] !== undefined || headers.date !== undefined
  return readCredential(credentialOfHeader(header, hasDate))
}

function textOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value
}

const recent = new Map<string, Authorization>()
const recentMaximum = 100

/** Credentials differ little from request to request. */
function readCredential(credential: string): Authorization {
  const known = recent.get(credential)
  if (known) return known
  const authorization = parseCredential(credential)
  if (recent.size >= recentMaximum) recent.clear()
  recent.set(credential, authorization)
  return authorization
}

/** A credential is `keyid/date/region/service/aws4_request`; key ids may hold slashes. */
function parseCredential(credential: string): Authorization {
  const parts = credential.split('/')
  const [term, service, region] = parts.slice(-4).reverse() as [string, string?, string?]
  if (parts.length < 5 || region === undefined) {
    throw new ServiceError(
      'IncompleteSignatureException',
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got ${String(parts.length)}`,
    )
  }
  const problems = [
    service === 'dynamodb' ? '' : "Credential should be scoped to correct service: 'dynamodb'. ",
    term === 'aws4_request' ? '' : "Credential should be scoped with a valid terminator: 'aws4_request'. ",
  ].join('')
  if (problems !== '') throw new ServiceError('InvalidSignatureException', problems)
  return { accessKeyId: parts.slice(0, -4).join('/'), region }
}

function credentialOfHeader(header: string, hasDate: boolean): string {
  const parameters = headerParameters.map((name) => parameterOf(header, name))
  const [credential] = parameters
  if (hasDate && credential !== undefined && !parameters.includes(undefined)) return credential
  const problems = headerParameters
    .filter((_, at) => parameters[at] === undefined)
    .map((name) => `Authorization header requires '${name}' parameter. `)
  if (!hasDate) {
    problems.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ")
  }
  const hash = createHash('sha256').update(header).digest('base64')
  throw new ServiceError(
    'IncompleteSignatureException',
    `${problems.join('')}(Hashed with SHA-256 and encoded with Base64) Authorization=${hash}`,
  )
}

function parameterOf(header: string, name: string): string | undefined {
  const at = header.indexOf(`${name}=`)
  if (at < 0) return undefined
  const start = at + name.length + 1
  const length = header.slice(start).search(/[,\s]|$/)
  return length === 0 ? undefined : header.slice(start, start + length)
}

function credentialOfQuery(query: URLSearchParams): string {
  const missing = queryParameters.filter((name) => (query.get(name) ?? '') === '')
  if (missing.length === 0) return query.get('X-Amz-Credential') as string
  const problems = missing.map((name) => `AWS query-string parameters must include '${name}'. `)
  throw new ServiceError(
    'IncompleteSignatureException',
    `${problems.join('')}Re-examine the query-string parameters.`,
  )
}
