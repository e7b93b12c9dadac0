import type { WorkName } from './works.ts'

/** Asks a contestant's process to work for a while, or until it has done so many operations. */
export interface RunRequest {
  readonly work: WorkName
  readonly milliseconds: number
  readonly operations?: number
}

/** What a contestant did and what it cost, in microseconds. */
export interface RunReport {
  readonly operations: number
  /** CPU time of the whole process, all threads, user and system. */
  readonly cpu: number
  readonly wall: number
}

/** Which works a contestant failed at, and how. */
export interface StartReport {
  readonly failures: Partial<Record<WorkName, string>>
}
