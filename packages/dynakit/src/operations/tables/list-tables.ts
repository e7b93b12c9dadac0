import { alwaysRepeatable, type Operation } from '../operation.ts'

/** Lists table names, at most 100 at a time. */
export interface ListTablesPlan {
  readonly operation: 'ListTables'
  readonly startAfter?: string | undefined
}

/** A page of table names. */
export interface ListTablesResult {
  readonly names: readonly string[]
  /** Name to go on after; `undefined` on the last page. */
  readonly lastName: string | undefined
}

/** ListTables. */
export const listTables: Operation<ListTablesPlan, ListTablesResult> = {
  name: 'ListTables',
  isRead: true,
  isRepeatable: alwaysRepeatable,
  toInput: (plan) => ({ ExclusiveStartTableName: plan.startAfter }),
  toResult: (output) => ({
    names: (output.TableNames ?? []) as readonly string[],
    lastName: output.LastEvaluatedTableName as string | undefined,
  }),
}
