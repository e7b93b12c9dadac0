import type { NativeItem } from '../codec/native-value.ts'

/** Where one read stands: after the item with this key, before its first item, or after its last. */
export type BranchPosition = NativeItem | 'start' | 'end'

/** Where a read stands: one position for each of its branches, or the one of a plan without branches. */
export type Position = readonly BranchPosition[]
