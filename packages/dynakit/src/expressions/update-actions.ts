import type { NativeValue } from '../codec/native-value.ts'
import type { Path } from './path.ts'

/** How `SET` makes the new value of a path. */
export type SetKind =
  /** The value as given. */
  | 'value'
  /** The value, unless the path has one already. */
  | 'if-not-exists'
  /** The list with the given list added at its end. */
  | 'append'
  /** The list with the given list put before it. */
  | 'prepend'

/** One assignment of an update. */
export interface SetAction {
  readonly path: Path
  readonly kind: SetKind
  readonly value: NativeValue
}

/** A value added to a number or a set, or taken from a set. */
interface ValueAction {
  readonly path: Path
  readonly value: NativeValue
}

/**
 * What an update changes: plain frozen data.
 *
 * Source: Amazon DynamoDB Developer Guide, "Using update expressions in DynamoDB".
 */
export interface UpdateActions {
  readonly set: readonly SetAction[]
  readonly remove: readonly Path[]
  /** Adds to a number (a missing one counts as 0) or to a set. */
  readonly add: readonly ValueAction[]
  /** Takes members out of a set. */
  readonly delete: readonly ValueAction[]
}

/** An update that changes nothing yet. */
export const noActions: UpdateActions = Object.freeze({ set: [], remove: [], add: [], delete: [] })
