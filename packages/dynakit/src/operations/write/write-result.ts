import type { NativeItem } from '../../codec/native-value.ts'
import type { ItemOutput } from '../operation.ts'

/** What a write gives back. */
export interface WriteResult {
  /** The attributes that were asked for: old or new ones, all or only the changed. */
  readonly attributes: NativeItem | undefined
}

/**
 * Reads the answer of PutItem, UpdateItem or DeleteItem.
 *
 * @internal
 */
export function toWriteResult(output: ItemOutput): WriteResult {
  return { attributes: output.Attributes }
}
