import type { ConditionNode } from '../expressions/condition-node.ts'
import type { DocumentPath } from '../expressions/document-path.ts'
import type { UpdateNode } from '../expressions/update-node.ts'
import type { Item } from '../values/attribute-value.ts'

/** A column of a SELECT. */
export interface Column {
  readonly path: DocumentPath
  /** What the value is called in the answer. */
  readonly name: string
}

/** A SELECT. */
export interface SelectStatement {
  readonly kind: 'select'
  readonly table: string
  readonly index: string | undefined
  /** Undefined for `*`; an error when there are none that DynamoDB knows. */
  /** Undefined for `*`; an error when there are none that DynamoDB knows. */
  columns(): readonly Column[] | undefined
  readonly where: ConditionNode | undefined
  readonly order: readonly { readonly attribute: string; readonly isDescending: boolean }[]
}

/** What a RETURNING clause asks for. */
interface Returning {
  readonly scope: 'ALL' | 'MODIFIED'
  readonly when: 'OLD' | 'NEW'
}

/** A statement that changes one item. */
export type WriteStatement =
  | { readonly kind: 'insert'; readonly table: string; readonly item: Item }
  | {
      readonly kind: 'update'
      readonly table: string
      readonly update: UpdateNode
      readonly where: ConditionNode | undefined
      readonly returning: Returning | undefined
    }
  | {
      readonly kind: 'delete'
      readonly table: string
      readonly where: ConditionNode | undefined
      readonly returning: Returning | undefined
    }

/** A check of one item, for transactions. */
export interface ExistsStatement {
  readonly kind: 'exists'
  readonly select: SelectStatement
}

/** A PartiQL statement as DynamoDB knows them. */
export type Statement = SelectStatement | WriteStatement | ExistsStatement
