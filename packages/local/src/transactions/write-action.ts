import type { ConditionNode } from '../expressions/condition-node.ts'
import type { UpdateNode } from '../expressions/update-node.ts'
import type { Item } from '../values/attribute-value.ts'

/** What every action of a transaction that writes has. */
interface ActionBase {
  /** The table, by name or ARN. */
  readonly table: string
  readonly condition: ConditionNode | undefined
  /** Whether a failed condition returns the item. */
  readonly onFailure: 'ALL_OLD' | 'NONE' | undefined
}

/** One action of a transaction that writes, read and checked as far as that needs no table. */
export type WriteAction =
  | (ActionBase & { readonly kind: 'put'; readonly item: Item; readonly isInsert?: boolean })
  | (ActionBase & { readonly kind: 'update'; readonly key: Item; readonly update: UpdateNode })
  | (ActionBase & { readonly kind: 'delete' | 'check'; readonly key: Item })
