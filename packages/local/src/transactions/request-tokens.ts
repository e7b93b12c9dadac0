import { createHash } from 'node:crypto'
import { ServiceError } from '../protocol/service-error.ts'
import type { Database, Slot } from '../storage/database.ts'
import type { Owner } from '../storage/tree-node.ts'

/** How long DynamoDB remembers the token of a transaction, in milliseconds. */
const memory = 10 * 60_000

/** A transaction that was carried out under a token. */
interface Remembered {
  /** Tells its actions from others. */
  readonly digest: string
  readonly until: number
}

/** A token as logs keep it. */
export interface SavedToken extends Remembered {
  readonly name: string
}

/** The client request tokens of transactions that were carried out. Changed in place by their owner only. */
class RequestTokens {
  readonly owner: Owner
  readonly #byToken: Map<string, Remembered>

  constructor(owner: Owner, source?: RequestTokens) {
    this.owner = owner
    this.#byToken = new Map(source && source.#byToken)
  }

  /** The one that was added last. */
  newest: SavedToken | undefined

  /** All tokens, in the order they were added. */
  get all(): readonly SavedToken[] {
    return [...this.#byToken].map(([name, remembered]) => ({ name, ...remembered }))
  }

  get(token: string, now: number): Remembered | undefined {
    const known = this.#byToken.get(token)
    return known !== undefined && known.until > now ? known : undefined
  }

  /** Tokens are kept in the order they will be forgotten in. */
  add(token: string, remembered: Remembered, now: number): void {
    for (const [old, { until }] of this.#byToken) {
      if (until > now) break
      this.#byToken.delete(old)
    }
    this.#byToken.delete(token)
    this.#byToken.set(token, remembered)
    this.newest = { name: token, ...remembered }
  }
}

const slot: Slot<RequestTokens> = {
  name: 'requestTokens',
  initial: (owner) => new RequestTokens(owner),
}

/** A request that may repeat an earlier one. */
export interface TokenRequest {
  /** Operations have tokens of their own. */
  readonly operation: string
  readonly token: string
  /** What the request does, as data. */
  readonly actions: unknown
  readonly now: number
}

/**
 * Finds out whether a transaction was carried out before.
 *
 * @param database - The database.
 * @param request - The request.
 * @returns True when the same request was carried out under this token in the last ten minutes.
 * @throws ServiceError (`IdempotentParameterMismatchException`) when it was another request.
 * @internal
 */
export function isRepeated(database: Database, { operation, token, actions, now }: TokenRequest): boolean {
  const known = database.get(slot).get(`${operation} ${token}`, now)
  if (known === undefined) return false
  if (known.digest === digestOf(actions)) return true
  throw new ServiceError(
    'IdempotentParameterMismatchException',
    'DynamoDB rejected the request because you retried a request with a different payload but with an idempotent token that was already used.',
  )
}

/**
 * Remembers a transaction that was carried out.
 *
 * @internal
 */
export function remember(database: Database, { operation, token, actions, now }: TokenRequest): void {
  restoreToken(
    database,
    { name: `${operation} ${token}`, digest: digestOf(actions), until: now + memory },
    now,
  )
}

/**
 * Gives the token that was remembered last.
 *
 * @internal
 */
export function newestToken(database: Database): SavedToken | undefined {
  return database.get(slot).newest
}

/**
 * Gives all tokens that are remembered.
 *
 * @internal
 */
export function savedTokens(database: Database): readonly SavedToken[] {
  return database.get(slot).all
}

/**
 * Remembers a token that was saved.
 *
 * @internal
 */
export function restoreToken(database: Database, { name, digest, until }: SavedToken, now: number): void {
  const known = database.get(slot)
  const tokens = known.owner === database.owner ? known : new RequestTokens(database.owner, known)
  tokens.add(name, { digest, until }, now)
  database.set(slot, tokens)
}

/** The order of members does not matter. */
function digestOf(actions: unknown): string {
  return createHash('sha256').update(canonical(actions)).digest('base64')
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
}
