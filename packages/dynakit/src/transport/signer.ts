import { createHash, createHmac, hash } from 'node:crypto'

/** AWS credentials as a signer needs them. */
export interface SigningCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

/** What is signed: everything else of a request to DynamoDB is always the same. */
export interface SignedRequest {
  /** Host header, with the port when it is not the protocol's own. */
  readonly host: string
  /** The `x-amz-target` header. */
  readonly target: string
  readonly body: string
}

/** Headers to add to a signed request. */
export interface Signature {
  /** `x-amz-date`. */
  readonly date: string
  /** `authorization`. */
  readonly authorization: string
}

const algorithm = 'AWS4-HMAC-SHA256'
const contentType = 'application/x-amz-json-1.0'

/** The one-shot hash of Node 20.12 and later costs half of a hash object. */
const sha256: (text: string) => string =
  typeof (hash as typeof hash | undefined) === 'function'
    ? (text) => hash('sha256', text, 'hex')
    : (text) => createHash('sha256').update(text).digest('hex')

/**
 * Signs requests to DynamoDB with Signature Version 4.
 *
 * The signing key depends on the day, the region and the secret only; it is made once and kept until one
 * of them changes.
 *
 * Source: AWS IAM User Guide, "Create a signed AWS API request".
 */
export class Signer {
  readonly #region: string
  readonly #service: string
  #second = Number.NaN
  #date = ''
  #day = ''
  #keyDay = ''
  #keySecret = ''
  #key: Buffer = Buffer.alloc(0)
  #scope = ''

  constructor(region: string, service = 'dynamodb') {
    this.#region = region
    this.#service = service
  }

  /**
   * Signs a request.
   *
   * @param request - Host, target and body.
   * @param credentials - Whose signature it is.
   * @param time - Time of the signature in epoch milliseconds, corrected for clock skew.
   * @returns The headers to add; with a session token, `x-amz-security-token` belongs to the request too.
   */
  sign(request: SignedRequest, credentials: SigningCredentials, time: number): Signature {
    this.#setTime(time)
    this.#setKey(credentials.secretAccessKey)
    const token = credentials.sessionToken
    const names =
      token === undefined
        ? 'content-type;host;x-amz-date;x-amz-target'
        : 'content-type;host;x-amz-date;x-amz-security-token;x-amz-target'
    const tokenLine = token === undefined ? '' : `x-amz-security-token:${token}\n`
    const canonical = `POST\n/\n\ncontent-type:${contentType}\nhost:${request.host}\nx-amz-date:${this.#date}\n${tokenLine}x-amz-target:${request.target}\n\n${names}\n${sha256(request.body)}`
    const signature = signText(this.#key, stringToSign(this.#date, this.#scope, canonical))
    return {
      date: this.#date,
      authorization: `${algorithm} Credential=${credentials.accessKeyId}/${this.#scope}, SignedHeaders=${names}, Signature=${signature}`,
    }
  }

  #setTime(time: number): void {
    const second = Math.floor(time / 1000)
    if (second === this.#second) return
    this.#second = second
    this.#date = new Date(second * 1000).toISOString().replace(/[-:]|\.\d{3}/g, '')
    this.#day = this.#date.slice(0, 8)
  }

  #setKey(secret: string): void {
    if (this.#keyDay === this.#day && this.#keySecret === secret) return
    this.#keyDay = this.#day
    this.#keySecret = secret
    this.#scope = `${this.#day}/${this.#region}/${this.#service}/aws4_request`
    this.#key = signingKey(secret, this.#day, this.#region, this.#service)
  }
}

/**
 * Writes the text that stands for a request when it is signed.
 *
 * @param date - Time of the signature, as in `x-amz-date`.
 * @param scope - Day, region and service.
 * @param canonicalRequest - The request in canonical form.
 * @internal
 */
export function stringToSign(date: string, scope: string, canonicalRequest: string): string {
  return `${algorithm}\n${date}\n${scope}\n${sha256(canonicalRequest)}`
}

/**
 * Derives the key for one day, region and service.
 *
 * @internal
 */
export function signingKey(secret: string, day: string, region: string, service: string): Buffer {
  return [day, region, service, 'aws4_request'].reduce<Buffer>(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  )
}

/**
 * Signs the text that stands for a request.
 *
 * @internal
 */
export function signText(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex')
}
