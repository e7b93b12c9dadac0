import { DynamoDBError } from '../errors/dynamodb-error.ts'
import { CredentialsError } from '../errors/service-errors.ts'

/** AWS credentials. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
  /** Time after which they are not valid any more. */
  readonly expiration?: Date | undefined
  /** AWS account they belong to; used for account-based endpoints. */
  readonly accountId?: string | undefined
}

/** How credentials are asked for. */
export interface CredentialsRequest {
  /** Whether new ones are needed even when some are kept: those expire soon or were refused. */
  readonly forceRefresh?: boolean
}

/**
 * Gives credentials, anew each time it is called. The AWS SDK's providers fit.
 *
 * It is called when credentials are needed for the first time, shortly before they expire, and when
 * DynamoDB has refused them; never twice at once.
 */
export type CredentialsProvider = (request?: CredentialsRequest) => Credentials | Promise<Credentials>

const milliseconds = 1000
/** Renewal begins this long before the end, or at half the time when that is shorter. */
const refreshBefore = 5 * 60 * milliseconds
/** Credentials this close to their end are not used for another request. */
const unusableBefore = 10 * milliseconds
/** Time for which new credentials are used even when they seem to have expired: the clock may be wrong. */
const shortestUse = 5 * milliseconds
/** Pause after a failed renewal, while there are credentials and while there are none. */
const pauseWithCredentials = 10 * milliseconds
const pauseWithout = milliseconds
/** Refusals within this time are not worth another renewal. */
const pauseAfterRefusal = 5 * milliseconds

interface Held {
  readonly credentials: Credentials
  readonly renewAt: number
  readonly expires: number
}

interface Failure {
  readonly error: CredentialsError | DynamoDBError
  readonly at: number
  readonly pause: number
}

/**
 * Keeps credentials and renews them before they expire.
 *
 * Many requests at once share one renewal; while the old credentials are still valid, no request waits for
 * it or fails because of it. A provider that fails is left alone for some seconds.
 */
export class CredentialsCache {
  readonly #provide: CredentialsProvider
  readonly #now: () => number
  #held: Held | undefined
  #renewal: Promise<Credentials> | undefined
  #failure: Failure | undefined
  #mustRefresh = false
  #refusedAt = -Infinity

  constructor(provide: CredentialsProvider, now: () => number = Date.now) {
    this.#provide = provide
    this.#now = now
  }

  /**
   * Gives valid credentials.
   *
   * @returns The credentials at once when they are there, otherwise a promise.
   * @throws CredentialsError, through the promise, when there are none.
   */
  get(): Credentials | Promise<Credentials> {
    const held = this.#held
    const now = this.#now()
    if (held && now < held.renewAt) return held.credentials
    const failure = this.#failure
    if (failure && isWithin(failure.pause, failure.at, now)) {
      return held && now < held.expires ? held.credentials : Promise.reject(failure.error)
    }
    const renewal = this.#renew()
    return held && now < held.expires - unusableBefore ? held.credentials : renewal
  }

  /**
   * Forgets credentials, because DynamoDB did not accept them.
   *
   * Nothing happens when others have taken their place meanwhile, or when the last refusal was a moment ago.
   *
   * @param refused - Credentials that `get()` gave.
   */
  forget(refused: Credentials): void {
    const held = this.#held?.credentials
    if (held?.accessKeyId !== refused.accessKeyId || held.sessionToken !== refused.sessionToken) return
    const now = this.#now()
    if (isWithin(pauseAfterRefusal, this.#refusedAt, now)) return
    this.#refusedAt = now
    this.#held = undefined
    this.#failure = undefined
    this.#mustRefresh = true
  }

  #renew(): Promise<Credentials> {
    if (this.#renewal) return this.#renewal
    const renewal = this.#fetch().finally(() => {
      this.#renewal = undefined
    })
    // Nobody may be waiting for it.
    renewal.catch(() => undefined)
    this.#renewal = renewal
    return renewal
  }

  async #fetch(): Promise<Credentials> {
    const forceRefresh = this.#mustRefresh || this.#held !== undefined
    try {
      const credentials = checked(await this.#provide({ forceRefresh }))
      this.#held = hold(credentials, this.#now())
      this.#failure = undefined
      this.#mustRefresh = false
      return credentials
    } catch (cause) {
      const error = providerError(cause)
      const now = this.#now()
      const valid = this.#held && now < this.#held.expires ? this.#held : undefined
      this.#failure = { error, at: now, pause: valid ? pauseWithCredentials : pauseWithout }
      if (valid) return valid.credentials
      throw error
    }
  }
}

function hold(credentials: Credentials, now: number): Held {
  if (!credentials.expiration) return { credentials, renewAt: Infinity, expires: Infinity }
  const expires = credentials.expiration.getTime()
  const left = expires - now
  return {
    credentials,
    renewAt: now + Math.max(shortestUse, left - Math.min(refreshBefore, left / 2)),
    expires,
  }
}

/** Also false when the clock was set back. */
function isWithin(pause: number, since: number, now: number): boolean {
  return Math.abs(now - since) < pause
}

function checked(credentials: Credentials | undefined): Credentials {
  const { accessKeyId, secretAccessKey, sessionToken, expiration, accountId } =
    credentials ?? ({} as Partial<Credentials>)
  if (!accessKeyId || !secretAccessKey) {
    throw new CredentialsError(
      'The credentials have no access key. Check what the credentials provider returns.',
    )
  }
  if (!isPrintable(accessKeyId) || !isPrintable(sessionToken ?? '')) {
    throw new CredentialsError(
      'The access key id or the session token has a space or a line break in it. Check where it is read from.',
    )
  }
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken && { sessionToken }),
    ...(expiration && !Number.isNaN(expiration.getTime()) && { expiration }),
    ...(accountId && { accountId }),
  }
}

/** Both go into headers. */
function isPrintable(text: string): boolean {
  return /^[\x21-\x7e]*$/.test(text)
}

function providerError(cause: unknown): DynamoDBError {
  if (DynamoDBError.is(cause)) return cause
  return new CredentialsError(
    'The credentials provider failed; its error is the cause of this one. Check the provider you passed.',
    { cause },
  )
}

/**
 * Reads credentials from environment variables, where the AWS SDK would.
 *
 * A profile named by `AWS_PROFILE` comes before the variables, as in the AWS SDK.
 *
 * @param environment - Environment variables.
 * @returns The credentials, or `undefined` when the environment has none.
 * @internal
 */
export function environmentCredentials(environment: NodeJS.ProcessEnv): Credentials | undefined {
  const accessKeyId = environment.AWS_ACCESS_KEY_ID
  const secretAccessKey = environment.AWS_SECRET_ACCESS_KEY
  if (!accessKeyId || !secretAccessKey || environment.AWS_PROFILE) return undefined
  return {
    accessKeyId,
    secretAccessKey,
    ...(environment.AWS_SESSION_TOKEN && { sessionToken: environment.AWS_SESSION_TOKEN }),
    ...(environment.AWS_CREDENTIAL_EXPIRATION && {
      expiration: new Date(environment.AWS_CREDENTIAL_EXPIRATION),
    }),
    ...(environment.AWS_ACCOUNT_ID && { accountId: environment.AWS_ACCOUNT_ID }),
  }
}

/** Where credentials come from. */
export interface CredentialsSource {
  /** The credentials themselves, or a provider of them. */
  readonly credentials?: Credentials | CredentialsProvider | undefined
  /** Profile of the shared config. */
  readonly profile?: string | undefined
  /** Region whose STS is asked when a role is assumed. Default: the AWS configuration. */
  readonly region?: string | undefined
}

/**
 * Gives the provider of the credentials a caller asks for.
 *
 * Without credentials they are found where users already have them. Environment variables need no AWS SDK
 * and are read anew each time; everything else (shared config, SSO, containers, instance metadata, assumed
 * roles) goes through the SDK's own chain, loaded when it is needed.
 *
 * @param source - What the caller says about credentials.
 * @param environment - Environment variables.
 * @internal
 */
export function credentialsProvider(
  source: CredentialsSource,
  environment: NodeJS.ProcessEnv = process.env,
): CredentialsProvider {
  const { credentials } = source
  if (typeof credentials === 'function') return credentials
  if (credentials) return () => credentials
  let chain: CredentialsProvider | undefined
  return async (request) => {
    const found = source.profile === undefined ? environmentCredentials(environment) : undefined
    if (found) return found
    const { sdkCredentials } = await import('./aws-sdk.ts')
    chain ??= sdkCredentials({ region: source.region, profile: source.profile })
    return chain(request)
  }
}
