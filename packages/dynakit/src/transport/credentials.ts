import { CredentialsError } from '../errors/service-errors.ts'
import { loadAwsSdk } from './aws-sdk.ts'

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

/** Gives credentials, anew each time it is called. The AWS SDK's providers fit. */
export type CredentialsProvider = () => Promise<Credentials>

const milliseconds = 1000
const refreshBefore = 5 * 60 * milliseconds
/** Credentials this close to their end are not used for another request. */
const unusableBefore = 10 * milliseconds

/**
 * Keeps credentials and renews them before they expire.
 *
 * Many requests at once share one renewal; while the old credentials are still valid, no request waits for it.
 */
export class CredentialsCache {
  readonly #provide: CredentialsProvider
  readonly #now: () => number
  #current: Credentials | undefined
  #renewal: Promise<Credentials> | undefined

  constructor(provide: CredentialsProvider, now: () => number = Date.now) {
    this.#provide = provide
    this.#now = now
  }

  /**
   * Gives valid credentials.
   *
   * @returns The credentials at once when they are there, otherwise a promise.
   */
  get(): Credentials | Promise<Credentials> {
    const current = this.#current
    if (!current) return this.#renew()
    const left = (current.expiration?.getTime() ?? Infinity) - this.#now()
    if (left > refreshBefore) return current
    const renewal = this.#renew()
    if (left <= unusableBefore) return renewal
    // The old ones still serve; a failed renewal is tried again with the next request.
    renewal.catch(() => undefined)
    return current
  }

  /** Forgets the credentials, because the service did not accept them. */
  forget(): void {
    this.#current = undefined
  }

  #renew(): Promise<Credentials> {
    this.#renewal ??= this.#provide()
      .then((credentials) => {
        this.#current = checked(credentials)
        return this.#current
      })
      .finally(() => {
        this.#renewal = undefined
      })
    return this.#renewal
  }
}

function checked(credentials: Credentials): Credentials {
  if (credentials.accessKeyId !== '' && credentials.secretAccessKey !== '') return credentials
  throw new CredentialsError(
    'The credentials have no access key. Check what the credentials provider returns.',
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

/**
 * The provider that finds credentials where users already have them.
 *
 * Environment variables need no AWS SDK; everything else (shared config, SSO, containers, instance
 * metadata, assumed roles) goes through the SDK's own chain, loaded when it is needed.
 *
 * @param profile - Profile of the shared config, when the caller names one.
 * @internal
 */
export function defaultCredentials(profile: string | undefined): CredentialsProvider {
  let chain: CredentialsProvider | undefined
  return async () => {
    const found = profile === undefined ? environmentCredentials(process.env) : undefined
    if (found) return found
    chain ??= await sdkChain(profile)
    return noCredentials(chain)
  }
}

async function sdkChain(profile: string | undefined): Promise<CredentialsProvider> {
  const { DynamoDBClient } = await loadAwsSdk()
  const client = new DynamoDBClient({ region: 'us-east-1', ...(profile !== undefined && { profile }) })
  return () => client.config.credentials({ forceRefresh: true })
}

async function noCredentials(provide: CredentialsProvider): Promise<Credentials> {
  try {
    return await provide()
  } catch (cause) {
    throw new CredentialsError(
      'No AWS credentials were found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role, or pass credentials to createAdapter.',
      { cause },
    )
  }
}
