import type { Condition } from '../expressions/condition.ts'
import type { UpdateActions } from '../expressions/update-actions.ts'
import type { UpdateReturn } from '../operations/write/update-item.ts'

/** What an update asks for, in the application's values: plain data. */
export interface UpdateRequest {
  readonly actions: UpdateActions
  readonly conditions: readonly Condition[]
  readonly returns: UpdateReturn
  readonly createIfMissing: boolean
  readonly createParents: boolean
  readonly returnItemOnConditionFailure: boolean
}
