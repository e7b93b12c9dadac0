import type { Executor } from './executor.ts'

/** Anything that carries out plans: an adapter. Repositories are made on one. */
export interface Database {
  /** For dynakit itself. */
  readonly '~executor': Executor
}
