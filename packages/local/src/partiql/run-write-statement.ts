import type { Charge, OperationContext } from '../engine/operation-context.ts'
import { valueAt } from '../expressions/document-path.ts'
import { project } from '../expressions/project.ts'
import { writeItem } from '../items/write-item.ts'
import type { ItemPosition } from '../storage/stored-item.ts'
import type { TableStore } from '../storage/table-store.ts'
import type { TableDefinition } from '../tables/table-definition.ts'
import { changedItem, locateAction, unmetCondition } from '../transactions/action-effect.ts'
import type { WriteAction } from '../transactions/write-action.ts'
import type { Item } from '../values/attribute-value.ts'
import type { WriteStatement } from './statement.ts'
import { statementAction } from './statement-action.ts'

/** What a statement on one item answers with, and what it costs. */
export interface AnsweredStatement {
  readonly item: Item | undefined
  readonly charges: readonly Charge[]
}

/** A statement that writes, and the item it means. */
export interface PlacedStatement {
  readonly statement: WriteStatement
  readonly action: WriteAction
  readonly position: ItemPosition
}

/**
 * Finds the item a statement writes.
 *
 * @param statement - The statement.
 * @param table - Its table.
 * @param onFailure - `ReturnValuesOnConditionCheckFailure`
 * @throws ServiceError when the statement does not name one item, or its key does not fit the table.
 * @internal
 */
export function placeStatement(
  statement: WriteStatement,
  table: TableDefinition,
  onFailure: 'ALL_OLD' | 'NONE' | undefined,
): PlacedStatement {
  const action = statementAction(statement, table, { onFailure, isTransaction: false })
  return { statement, action, position: locateAction(action, table) }
}

/**
 * Carries out a statement that writes one item.
 *
 * @param context - What the operation works with.
 * @param table - The table of the statement.
 * @param placed - The statement.
 * @throws ServiceError when the item is not as the statement needs it, or cannot be written.
 * @internal
 */
export function runWriteStatement(
  context: OperationContext,
  table: TableStore,
  { statement, action, position }: PlacedStatement,
): AnsweredStatement {
  const { before, after, charges } = writeItem(context, table, position, itemMember(action), (stored) => {
    const unmet = unmetCondition(action, stored)
    if (unmet !== undefined) throw unmet
    return changedItem(action, table.definition, stored?.item)
  })
  return { item: returned(statement, before?.item, after?.item), charges }
}

function itemMember(action: WriteAction): { readonly Item?: Item } {
  return action.kind === 'put' ? { Item: action.item } : {}
}

function returned(
  statement: WriteStatement,
  before: Item | undefined,
  after: Item | undefined,
): Item | undefined {
  if (statement.kind === 'insert' || statement.returning === undefined) return undefined
  const { scope, when } = statement.returning
  const item = when === 'OLD' ? before : after
  if (scope === 'ALL' || statement.kind === 'delete' || item === undefined) return item
  // Whole attributes, of paths that lead to something.
  const paths = statement.update.actions.map(({ path }) => path)
  const names = new Set(paths.filter((path) => valueAt(item, path) !== undefined).map(([name]) => name))
  if (names.size === 0) return undefined
  return project(
    [...names].map((name) => [name]),
    item,
  )
}
