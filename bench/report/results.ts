import type { BundleSize } from '../cold-start/bundle.ts'
import type { StartSeries } from '../cold-start/run.ts'
import type { StarterName } from '../cold-start/starters.ts'
import type { MicroResult } from '../micro/run.ts'
import type { TypeCostRow } from '../type-cost/compare.ts'
import type { WireResult } from '../wire/run.ts'
import type { Machine } from './machine.ts'

/** Everything one run measured; parts that were left out are missing. */
export interface Results {
  readonly date: string
  readonly command: string
  readonly machine: Machine
  /** Versions of what was compared, by package. */
  readonly versions: Readonly<Record<string, string>>
  /** Bytes of the stub's answers. */
  sizes?: Readonly<Record<string, number>>
  /** Against the stub over TLS. */
  wire?: WireResult
  /** Against the stub without TLS. */
  plain?: WireResult
  /** Against DynamoDB Local. */
  engine?: WireResult
  coldStart?: StartSeries
  bundles?: Readonly<Record<StarterName, BundleSize>>
  micro?: MicroResult
  types?: readonly TypeCostRow[]
  /** Parts that could not be measured, and why. */
  failures?: Record<string, string>
}
