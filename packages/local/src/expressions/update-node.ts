import type { AttributeValue } from '../values/attribute-value.ts'
import type { DocumentPath } from './document-path.ts'

/** A value that SET assigns. */
export type UpdateOperand =
  | { readonly type: 'path'; readonly path: DocumentPath }
  | { readonly type: 'value'; readonly value: AttributeValue }
  | { readonly type: 'if_not_exists'; readonly path: DocumentPath; readonly otherwise: UpdateOperand }
  | { readonly type: 'list_append' | '+' | '-'; readonly left: UpdateOperand; readonly right: UpdateOperand }

/** A change of one path. */
export type UpdateAction =
  | { readonly type: 'set'; readonly path: DocumentPath; readonly value: UpdateOperand }
  | { readonly type: 'remove'; readonly path: DocumentPath }
  | { readonly type: 'add' | 'delete'; readonly path: DocumentPath; readonly value: AttributeValue }

/** An update with everything looked up, ready to be applied: no two of its paths overlap. */
export interface UpdateNode {
  readonly actions: readonly UpdateAction[]
  /** What DynamoDB says when a stored value has not the type an action needs. */
  readonly typeMismatch: string
}
