import type { LostAnswer } from '../protocol/lost-answer.ts'
import type { ServiceError } from '../protocol/service-error.ts'
import type { Charge } from '../engine/operation-context.ts'

/** What befalls one request. */
export interface FaultPlan {
  /** Real time until it is carried out, in milliseconds. */
  readonly delayBefore: number
  /** Real time from there to its answer, in milliseconds. */
  readonly delayAfter: number
  /** What comes in place of carrying it out. */
  readonly before: ServiceError | LostAnswer | undefined
  /** What comes in place of its answer. */
  readonly after: ServiceError | LostAnswer | undefined
  /** Sees what the request would consume, and throws to throttle it. */
  readonly charge: ((charges: readonly Charge[]) => void) | undefined
  /** Whether the items it has to do with are in a transaction that is under way. */
  readonly conflicts: boolean
}
