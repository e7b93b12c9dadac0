import { returnConsumedCapacity } from '../capacity/consumed-capacity.ts'
import type { OperationContext } from '../engine/operation-context.ts'
import { checkExpressionParameters } from '../expressions/check-expression-parameters.ts'
import { readExpressions } from '../expressions/read-expressions.ts'
import { itemCollection } from '../items/item-collection-metrics.ts'
import {
  attributeMap,
  expressionAttributeNames,
  expressionAttributeValues,
  returnItemCollectionMetrics,
  returnValuesOnFailure,
} from '../items/item-shapes.ts'
import { validationError } from '../protocol/service-error.ts'
import { tableName } from '../tables/table-shapes.ts'
import { runWriteRequest } from '../transactions/run-write-request.ts'
import type { WrittenAction } from '../transactions/run-write-transaction.ts'
import { transactionCapacity } from '../transactions/transaction-capacity.ts'
import type { WriteAction } from '../transactions/write-action.ts'
import { readInput } from '../validation/read-input.ts'
import { list, required, string, structure, type TypeOf } from '../validation/shape.ts'
import type { Item } from '../values/attribute-value.ts'
import { checkItem } from '../values/check-value.ts'
import { itemSize, valueSize } from '../values/size.ts'

const common = {
  TableName: required(tableName),
  ExpressionAttributeNames: expressionAttributeNames,
  ExpressionAttributeValues: expressionAttributeValues,
  ReturnValuesOnConditionCheckFailure: returnValuesOnFailure,
}

const transactWriteItem = structure(
  {
    ConditionCheck: structure(
      { ...common, Key: required(attributeMap), ConditionExpression: required(string()) },
      'ConditionCheck',
    ),
    Put: structure({ ...common, Item: required(attributeMap), ConditionExpression: string() }, 'Put'),
    Delete: structure({ ...common, Key: required(attributeMap), ConditionExpression: string() }, 'Delete'),
    Update: structure(
      {
        ...common,
        Key: required(attributeMap),
        UpdateExpression: required(string()),
        ConditionExpression: string(),
      },
      'Update',
    ),
  },
  'TransactWriteItem',
)

const shape = structure({
  TransactItems: required(list(transactWriteItem, { minimum: 1, maximum: 100 })),
  ReturnConsumedCapacity: returnConsumedCapacity,
  ReturnItemCollectionMetrics: returnItemCollectionMetrics,
  ClientRequestToken: string({ minimum: 1, maximum: 36 }),
})

type TransactWriteItem = TypeOf<typeof transactWriteItem>

const maximumPayload = 4 * 1024 * 1024

/**
 * Carries out up to 100 writes and checks of items, all or none.
 *
 * @internal
 */
export function transactWriteItems(
  context: OperationContext,
  input: Readonly<Record<string, unknown>>,
): object {
  const request = readInput(shape, input)
  const actions = request.TransactItems.map(readAction)
  checkPayload(actions, request.TransactItems)
  const { written, charges } = runWriteRequest(context, {
    operation: 'TransactWriteItems',
    token: request.ClientRequestToken,
    content: request.TransactItems,
    actions,
  })
  return {
    ...transactionCapacity(request.ReturnConsumedCapacity, charges),
    ...(request.ReturnItemCollectionMetrics === 'SIZE' && collectionMetrics(context, written)),
  }
}

function readAction(item: TransactWriteItem): WriteAction {
  const { ConditionCheck, Put, Delete, Update } = item
  const given = [ConditionCheck, Put, Delete, Update].filter((action) => action !== undefined)
  if (given.length > 1) {
    throw validationError('TransactItems can only contain one of Check, Put, Update or Delete')
  }
  if (Put !== undefined) return { ...readCommon(Put), kind: 'put', item: checkItem(Put.Item) }
  if (Update !== undefined) return readUpdate(Update)
  if (Delete !== undefined) return { ...readCommon(Delete), kind: 'delete', key: checkItem(Delete.Key) }
  if (ConditionCheck !== undefined) {
    return { ...readCommon(ConditionCheck), kind: 'check', key: checkItem(ConditionCheck.Key) }
  }
  throw validationError(
    'Invalid Request: TransactWriteRequest should contain Delete or Put or Update request',
  )
}

function readCommon(
  action: NonNullable<TransactWriteItem['Put' | 'Delete' | 'ConditionCheck']>,
): Pick<WriteAction, 'table' | 'condition' | 'onFailure'> {
  checkExpressionParameters(action, { expressions: ['ConditionExpression'], legacy: [] })
  return {
    table: action.TableName,
    condition: readExpressions(action).condition,
    onFailure: action.ReturnValuesOnConditionCheckFailure,
  }
}

function readUpdate(action: NonNullable<TransactWriteItem['Update']>): WriteAction {
  checkExpressionParameters(action, {
    expressions: ['UpdateExpression', 'ConditionExpression'],
    legacy: [],
  })
  const key = checkItem(action.Key)
  const { update, condition } = readExpressions(action)
  return {
    kind: 'update',
    table: action.TableName,
    key,
    update: update ?? { actions: [], typeMismatch: '' },
    condition,
    onFailure: action.ReturnValuesOnConditionCheckFailure,
  }
}

function checkPayload(actions: readonly WriteAction[], items: readonly TransactWriteItem[]): void {
  const size = actions.reduce((sum, action, index) => {
    if (action.kind === 'put') return sum + itemSize(action.item)
    const values = items[index]?.Update?.ExpressionAttributeValues ?? {}
    return (
      sum + itemSize(action.key) + Object.values(values).reduce((total, one) => total + valueSize(one), 0)
    )
  }, 0)
  if (size <= maximumPayload) return
  throw validationError(`Transaction payload size cannot exceed 4MB. Payload Size: ${String(size)}`)
}

function collectionMetrics(
  { database }: OperationContext,
  written: readonly WrittenAction[],
): { readonly ItemCollectionMetrics?: object } {
  const byTable: Record<string, object[]> = {}
  for (const { action, table, position } of written) {
    if (action.kind === 'check') continue
    const { name } = table.definition
    const key: Item = action.kind === 'put' ? action.item : action.key
    const collection = itemCollection(database.table(name) ?? table, position, key)
    if (collection !== undefined) (byTable[name] ??= []).push(collection)
  }
  return Object.keys(byTable).length === 0 ? {} : { ItemCollectionMetrics: byTable }
}
