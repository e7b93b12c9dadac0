import { ConfigurationError } from '../errors/transport-errors.ts'
import { type AttemptFailure, failureFromAnswer, failureFromConnection } from './attempt-failure.ts'
import type { Credentials } from './credentials.ts'
import type { Destination, DirectSettings } from './direct-settings.ts'
import type { EndpointNode } from './endpoint-nodes.ts'
import { giveBackBodyBuffer } from './http/body-buffers.ts'
import { type HttpAnswer, HttpFailure } from './http/http-client.ts'
import { type Outgoing, toHttpRequest } from './outgoing.ts'
import { unlessAborted } from './pause.ts'
import { openAnswer, readAnswer } from './read-answer.ts'
import type { WireOutput } from './transport.ts'

/** What an attempt came to. */
export type Outcome = Success | Failed

/** DynamoDB did what was asked. */
interface Success {
  readonly output: WireOutput
  readonly failure?: undefined
  readonly answer: HttpAnswer
  readonly host: string
}

/** It did not, or did not say. */
export interface Failed {
  readonly output?: undefined
  readonly failure: AttemptFailure
  /** The answer, when there was one. */
  readonly answer: HttpAnswer | undefined
  readonly host: string
  readonly credentials: Credentials
  /** Correction of the clock when it was signed, in milliseconds. */
  readonly clockOffset: number
}

/** What every attempt on a node needs. */
interface Exchange {
  readonly outgoing: Outgoing
  readonly settings: DirectSettings
  readonly attempt: number
  readonly credentials: Credentials
  readonly destination: Destination
  readonly clockOffset: number
}

/**
 * Sends a request once and reads the answer.
 *
 * Of several endpoints, one that cannot be reached costs no attempt as long as there is another.
 *
 * @param outgoing - The request.
 * @param settings - Credentials, endpoints and the like.
 * @param attempt - Number of the attempt, from 1.
 * @returns The answer, or why there is none.
 * @throws AbortedError, TimeoutError when the call was ended; CredentialsError; ConfigurationError.
 * @internal
 */
export async function makeAttempt(
  outgoing: Outgoing,
  settings: DirectSettings,
  attempt: number,
): Promise<Outcome> {
  const held = settings.credentials.get()
  const credentials = held instanceof Promise ? await unlessAborted(held, outgoing.limit.signal) : held
  if (credentials === undefined) throw endOf(outgoing, false)
  const found = settings.destination(credentials, outgoing.tableName)
  const destination = found instanceof Promise ? await found : found
  const clockOffset = settings.clock.offset
  const exchange = { outgoing, settings, attempt, credentials, destination, clockOffset }
  for (let left = destination.nodes.size; ; left--) {
    const node = destination.nodes.next()
    const outcome = await exchangeWith(node, exchange)
    if (outcome.failure === undefined || outcome.failure.mayBeDone) return outcome
    if (outcome.answer !== undefined || left <= 1) return outcome
  }
}

async function exchangeWith(node: EndpointNode, exchange: Exchange): Promise<Outcome> {
  const { outgoing, settings, credentials } = exchange
  const request = toHttpRequest(outgoing, {
    host: node.host,
    signer: exchange.destination.signer,
    credentials,
    time: settings.clock.now(),
    userAgent: settings.userAgent,
    attempt: exchange.attempt,
    maxAttempts: settings.policy.maxAttempts,
  })
  try {
    const received = await node.client.send(request, outgoing.limit.signal)
    exchange.destination.nodes.answered(node)
    return await readOutcome(received, node.host, exchange)
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error
    if (error.code === 'ABORTED') throw endOf(outgoing, error.wasSent)
    if (error.code === 'CLOSED') throw closedError()
    exchange.destination.nodes.failed(node)
    const failure = failureFromConnection(error, outgoing, node.host)
    return { failure, answer: undefined, host: node.host, credentials, clockOffset: exchange.clockOffset }
  }
}

async function readOutcome(received: HttpAnswer, host: string, exchange: Exchange): Promise<Outcome> {
  const { outgoing, settings, credentials } = exchange
  try {
    const opened = openAnswer(received, settings.checksum)
    const answer = opened instanceof Promise ? await opened : opened
    if (answer.status === 200) {
      return { output: readAnswer(outgoing.operation, answer.body, outgoing.numbers), answer, host }
    }
    return {
      failure: failureFromAnswer(answer, outgoing),
      answer,
      host,
      credentials,
      clockOffset: exchange.clockOffset,
    }
  } finally {
    // Whatever was read of it are copies; only its length is asked for after this.
    giveBackBodyBuffer(received.body)
  }
}

function endOf(outgoing: Outgoing, wasSent: boolean): Error {
  return outgoing.limit.error(outgoing.mayBeDone || wasSent) ?? closedError()
}

/**
 * The error of a request to a transport that is closed.
 *
 * @internal
 */
export function closedError(): ConfigurationError {
  return new ConfigurationError('The transport is closed. Make a new adapter, or close this one later.')
}
