import type { ConditionNode } from '../expressions/condition-node.ts'
import { ServiceError, validationError } from '../protocol/service-error.ts'
import type { TableDefinition } from '../tables/table-definition.ts'
import type { WriteAction } from '../transactions/write-action.ts'
import { getAttribute, type Item } from '../values/attribute-value.ts'
import { checkKeyType } from './lookup.ts'
import type { ExistsStatement, WriteStatement } from './statement.ts'
import { whereKey, writtenKey } from './where-key.ts'

/** What a request says about a statement that writes. */
export interface ActionOptions {
  /** `ReturnValuesOnConditionCheckFailure` */
  readonly onFailure: 'ALL_OLD' | 'NONE' | undefined
  /** Whether it is part of a transaction, where less is said about keys that do not fit. */
  readonly isTransaction: boolean
}

/**
 * Finds out which action on which item a statement means.
 *
 * @param statement - The statement.
 * @param table - Its table.
 * @param options - What the request says besides.
 * @throws ServiceError when it does not name one item.
 * @internal
 */
export function statementAction(
  statement: WriteStatement | ExistsStatement,
  table: TableDefinition,
  { onFailure, isTransaction }: ActionOptions,
): WriteAction {
  const common = { table: table.name, onFailure }
  const keyOf = isTransaction ? keyInTransaction : writtenKey
  switch (statement.kind) {
    case 'insert':
      if (!isTransaction) checkInsertedKey(statement.item, table)
      return { ...common, kind: 'put', item: statement.item, condition: undefined, isInsert: true }
    case 'update': {
      const { where, update } = statement
      return { ...common, kind: 'update', key: keyOf(where, table.key), update, condition: where }
    }
    case 'delete': {
      const { where } = statement
      return {
        ...common,
        kind: 'delete',
        key: keyOf(where, table.key),
        condition: unlessMissing(where, table),
      }
    }
    case 'exists': {
      const { where } = statement.select
      const key = whereKey(where, table.key)?.key ?? {}
      return { ...common, kind: 'check', key, condition: where }
    }
  }
}

function checkInsertedKey(item: Item, { key }: TableDefinition): void {
  for (const attribute of [...key.partition, ...key.sort]) {
    const value = getAttribute(item, attribute.name)
    if (value === undefined) {
      throw validationError(`Key attribute should be present in the item: Key ${attribute.name}`)
    }
    checkKeyType(attribute, [value])
  }
}

function keyInTransaction(where: ConditionNode | undefined, schema: TableDefinition['key']): Item {
  try {
    return writtenKey(where, schema)
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    throw validationError('The provided key element does not match the schema')
  }
}

/** What is not there need not be deleted. */
function unlessMissing(
  where: ConditionNode | undefined,
  { key }: TableDefinition,
): ConditionNode | undefined {
  const [attribute] = key.partition
  if (where === undefined || attribute === undefined) return where
  const isMissing = { type: 'attribute_not_exists', path: [attribute.name] } as const
  return { type: 'or', conditions: [isMissing, where] }
}
