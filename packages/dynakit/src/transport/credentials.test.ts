import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CredentialsError } from '../errors/service-errors.ts'
import {
  type Credentials,
  CredentialsCache,
  type CredentialsProvider,
  credentialsProvider,
  environmentCredentials,
} from './credentials.ts'

const seconds = 1000
const minutes = 60 * seconds

let now = Date.UTC(2026, 0, 1)
beforeEach(() => {
  now = Date.UTC(2026, 0, 1)
})

/** Credentials that are valid for some time from now; without one, for ever. */
const credentials = (name: string, validFor?: number): Credentials => ({
  accessKeyId: name,
  secretAccessKey: `secret of ${name}`,
  ...(validFor !== undefined && { expiration: new Date(now + validFor) }),
})

/** A cache over a provider whose answers the test makes one by one. */
function cacheOf(...answers: (Credentials | Error)[]) {
  const left = [...answers]
  const provide = vi.fn<CredentialsProvider>(() => {
    const next = left.shift()
    if (next === undefined) throw new Error('asked too often')
    if (next instanceof Error) throw next
    return Promise.resolve(next)
  })
  const cache = new CredentialsCache(provide, () => now)
  const id = async (): Promise<string> => (await cache.get()).accessKeyId
  return { cache, provide, id }
}

const failureOf = async (run: () => unknown): Promise<CredentialsError> => {
  const error: unknown = await Promise.resolve(run()).then(
    () => 'it succeeded',
    (reason: unknown) => reason,
  )
  if (CredentialsError.is(error)) return error
  throw error
}
/** Lets renewals in the background end. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

describe('CredentialsCache', () => {
  test('gives credentials at once when it has them', async () => {
    const { cache, provide } = cacheOf(credentials('A'))
    const first = await cache.get()
    expect(cache.get()).toBe(first)
    now += 1e12
    expect(cache.get()).toBe(first)
    expect(provide).toHaveBeenCalledTimes(1)
    expect(provide).toHaveBeenCalledWith({ forceRefresh: false })
  })

  test('asks once for a thousand requests', async () => {
    let answer: (credentials: Credentials) => void = () => undefined
    const provide = vi.fn(() => new Promise<Credentials>((resolve) => (answer = resolve)))
    const cache = new CredentialsCache(provide, () => now)
    const waiting = Array.from({ length: 1000 }, async () => cache.get())
    answer(credentials('A'))
    expect(new Set(await Promise.all(waiting)).size).toBe(1)
    expect(provide).toHaveBeenCalledTimes(1)
  })

  test('fails a thousand requests with one failed call', async () => {
    const { cache, provide } = cacheOf(new Error('down'))
    const waiting = Array.from({ length: 1000 }, () => failureOf(() => cache.get()))
    expect(new Set(await Promise.all(waiting)).size).toBe(1)
    expect(provide).toHaveBeenCalledTimes(1)
  })

  test('renews before the end without making a request wait', async () => {
    const { cache, provide, id } = cacheOf(credentials('A', 60 * minutes), credentials('B', 120 * minutes))
    await id()
    now += 55 * minutes - 1
    expect(await id()).toBe('A')
    expect(provide).toHaveBeenCalledTimes(1)
    now += 1
    const many = Array.from({ length: 1000 }, () => cache.get())
    expect(many.every((one) => !(one instanceof Promise) && one.accessKeyId === 'A')).toBe(true)
    expect(provide).toHaveBeenCalledTimes(2)
    expect(provide).toHaveBeenLastCalledWith({ forceRefresh: true })
    await settle()
    expect(await id()).toBe('B')
    expect(provide).toHaveBeenCalledTimes(2)
  })

  test('waits for the renewal in the last seconds', async () => {
    const { id } = cacheOf(credentials('A', 60 * minutes), credentials('B', 120 * minutes))
    await id()
    now += 60 * minutes - 10 * seconds
    expect(await id()).toBe('B')
  })

  test('renews credentials with a short life at half of it', async () => {
    const { provide, id } = cacheOf(credentials('A', 2 * minutes), credentials('B', 4 * minutes))
    await id()
    now += minutes - 1
    await id()
    expect(provide).toHaveBeenCalledTimes(1)
    now += 1
    await id()
    await settle()
    expect(await id()).toBe('B')
  })

  test('lives on with valid credentials when renewals fail, and leaves the provider alone', async () => {
    const down = Array.from({ length: 40 }, () => new Error('down'))
    const { provide, id } = cacheOf(credentials('A', 60 * minutes), ...down)
    await id()
    now += 55 * minutes
    for (; now < Date.UTC(2026, 0, 1) + 60 * minutes; now += 100) expect(await id()).toBe('A')
    // The first call, and one every ten seconds of five minutes.
    expect(provide.mock.calls.length).toBeGreaterThan(25)
    expect(provide.mock.calls.length).toBeLessThanOrEqual(31)
  })

  test('takes the renewal that succeeds after failed ones', async () => {
    const { id } = cacheOf(credentials('A', 60 * minutes), new Error('down'), credentials('B'))
    await id()
    now += 56 * minutes
    await id()
    await settle()
    now += 10 * seconds
    expect(await id()).toBe('A')
    await settle()
    expect(await id()).toBe('B')
  })

  test('says what went wrong when credentials have expired and the provider fails', async () => {
    const down = new Error('down')
    const { cache, provide, id } = cacheOf(credentials('A', 60 * minutes), down, credentials('B'))
    await id()
    now += 60 * minutes
    const failure = await failureOf(() => cache.get())
    expect(failure.cause).toBe(down)
    expect(failure.message).toMatch(/provider/)
    expect(failure.message).not.toMatch(/secret of A/)
    now += 999
    expect(await failureOf(() => cache.get())).toBe(failure)
    expect(provide).toHaveBeenCalledTimes(2)
    now += 1
    expect(await id()).toBe('B')
  })

  test('is not stopped by a clock that is set back', async () => {
    const { cache, id } = cacheOf(new Error('down'), credentials('A'))
    await failureOf(() => cache.get())
    now -= 60 * minutes
    expect(await id()).toBe('A')
  })

  test('uses new credentials although they seem to have expired', async () => {
    const { provide, id } = cacheOf(credentials('A', -minutes), credentials('B', -minutes))
    expect(await id()).toBe('A')
    now += 4 * seconds
    expect(await id()).toBe('A')
    expect(provide).toHaveBeenCalledTimes(1)
    now += seconds
    expect(await id()).toBe('B')
  })

  test('keeps a CredentialsError of the provider as it is', async () => {
    const own = new CredentialsError('log in first')
    const { cache } = cacheOf(own)
    expect(await failureOf(() => cache.get())).toBe(own)
  })

  test.each([
    undefined,
    {},
    { accessKeyId: '', secretAccessKey: 's' },
    { accessKeyId: 'A', secretAccessKey: '' },
    { accessKeyId: 'A\n', secretAccessKey: 's' },
    { accessKeyId: 'A', secretAccessKey: 's', sessionToken: 'a b' },
  ])('refuses %j', async (answer) => {
    const cache = new CredentialsCache(
      () => answer as Credentials,
      () => now,
    )
    expect((await failureOf(() => cache.get())).message).toMatch(/^The (credentials|access key)/)
  })

  test('takes no notice of what is empty or no time', async () => {
    const expiration = new Date('soon')
    const cache = new CredentialsCache(() => ({
      accessKeyId: 'A',
      secretAccessKey: 's',
      sessionToken: '',
      accountId: '',
      expiration,
    }))
    expect(await cache.get()).toEqual({ accessKeyId: 'A', secretAccessKey: 's' })
  })
})

describe('forget', () => {
  test('has new credentials fetched', async () => {
    const { cache, provide, id } = cacheOf(credentials('A'), credentials('B'))
    cache.forget(await cache.get())
    expect(await id()).toBe('B')
    expect(provide).toHaveBeenLastCalledWith({ forceRefresh: true })
  })

  test('does not lose credentials that took the place of refused ones', async () => {
    const { cache, provide, id } = cacheOf(credentials('A'), credentials('B'))
    const refused = await cache.get()
    cache.forget(refused)
    await id()
    for (let request = 0; request < 1000; request++) {
      now += seconds
      cache.forget(refused)
      expect(await id()).toBe('B')
    }
    expect(provide).toHaveBeenCalledTimes(2)
  })

  test('has one renewal for a thousand refusals', async () => {
    const { cache, provide } = cacheOf(credentials('A'), credentials('B'))
    const refused = await cache.get()
    const renewed = await Promise.all(
      Array.from({ length: 1000 }, async (_, at) => {
        for (let turn = 0; turn < at % 7; turn++) await Promise.resolve()
        cache.forget(refused)
        return cache.get()
      }),
    )
    expect(new Set(renewed.map(({ accessKeyId }) => accessKeyId))).toEqual(new Set(['B']))
    expect(provide).toHaveBeenCalledTimes(2)
  })

  test('does not hammer a provider that gives the refused ones again', async () => {
    const same = Array.from({ length: 20 }, () => credentials('A'))
    const { cache, provide } = cacheOf(...same)
    for (const end = now + 30 * seconds; now < end; now += 100) cache.forget(await cache.get())
    expect(provide.mock.calls.length).toBeLessThanOrEqual(7)
    expect(provide.mock.calls.length).toBeGreaterThan(4)
  })

  test('tries a provider at once although a renewal failed a moment ago', async () => {
    const { cache, id } = cacheOf(credentials('A', 60 * minutes), new Error('down'), credentials('B'))
    const refused = await cache.get()
    now += 56 * minutes
    await id()
    await settle()
    cache.forget(refused)
    expect(await id()).toBe('B')
  })

  test('does not give refused credentials again when the provider fails', async () => {
    const { cache } = cacheOf(credentials('A', 60 * minutes), new Error('down'))
    cache.forget(await cache.get())
    expect((await failureOf(() => cache.get())).message).toMatch(/provider/)
  })
})

describe('credentialsProvider', () => {
  const own = { accessKeyId: 'A', secretAccessKey: 's', sessionToken: 't' }
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'credentials-'))
    for (const name of Object.keys(process.env).filter((variable) => variable.startsWith('AWS_')))
      vi.stubEnv(name, undefined)
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
    vi.stubEnv('AWS_CONFIG_FILE', path.join(folder, 'config'))
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', path.join(folder, 'credentials'))
    vi.stubEnv('AWS_REGION', 'eu-west-1')
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })

  test('gives what the caller gives: credentials, a function, a provider of the SDK', async () => {
    expect(await credentialsProvider({ credentials: own })()).toBe(own)
    expect(await credentialsProvider({ credentials: () => own })()).toBe(own)
    const client = new DynamoDBClient({ region: 'eu-west-1', credentials: own })
    const provider: CredentialsProvider = client.config.credentials
    expect(await credentialsProvider({ credentials: provider })()).toMatchObject(own)
  })

  test('reads the environment anew each time', async () => {
    const environment = { AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 's' }
    const cache = new CredentialsCache(credentialsProvider({}, environment), () => now)
    const first = await cache.get()
    environment.AWS_ACCESS_KEY_ID = 'B'
    expect(cache.get()).toBe(first)
    cache.forget(first)
    expect((await cache.get()).accessKeyId).toBe('B')
  })

  test('finds profiles through the SDK', async () => {
    // The SDK warns of a profile beside keys in the environment, which is what is tested.
    vi.spyOn(console, 'warn').mockReturnValue()
    const profile = (name: string): string =>
      `[${name}]\naws_access_key_id = ${name}\naws_secret_access_key = s\n`
    writeFileSync(path.join(folder, 'credentials'), profile('default') + profile('shop'))
    expect(await credentialsProvider({})()).toMatchObject({ accessKeyId: 'default' })
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'E')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 's')
    expect(await credentialsProvider({})()).toMatchObject({ accessKeyId: 'E' })
    expect(await credentialsProvider({ profile: 'shop' })()).toMatchObject({ accessKeyId: 'shop' })
  })

  test('says how to set credentials when there are none', async () => {
    const failure = await failureOf(() => credentialsProvider({})())
    expect(failure.message).toMatch(/AWS_ACCESS_KEY_ID/)
    expect(failure.cause).toBeInstanceOf(Error)
  })
})

describe('environmentCredentials', () => {
  const keys = { AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 's' }

  test('reads all of it', () => {
    const environment = {
      ...keys,
      AWS_SESSION_TOKEN: 't',
      AWS_CREDENTIAL_EXPIRATION: '2026-01-01T00:00:00Z',
      AWS_ACCOUNT_ID: '123456789012',
    }
    expect(environmentCredentials(environment)).toEqual({
      accessKeyId: 'A',
      secretAccessKey: 's',
      sessionToken: 't',
      expiration: new Date('2026-01-01T00:00:00Z'),
      accountId: '123456789012',
    })
    expect(environmentCredentials(keys)).toEqual({ accessKeyId: 'A', secretAccessKey: 's' })
  })

  test.each([
    {},
    { AWS_ACCESS_KEY_ID: 'A' },
    { ...keys, AWS_SECRET_ACCESS_KEY: '' },
    { ...keys, AWS_PROFILE: 'p' },
  ])('has none in %j', (environment) => {
    expect(environmentCredentials(environment)).toBeUndefined()
  })
})
