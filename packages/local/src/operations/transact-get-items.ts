import { returnConsumedCapacity } from '../capacity/consumed-capacity.ts'
import type { OperationContext } from '../engine/operation-context.ts'
import { checkExpressionParameters } from '../expressions/check-expression-parameters.ts'
import { readExpressions } from '../expressions/read-expressions.ts'
import { attributeMap, expressionAttributeNames } from '../items/item-shapes.ts'
import { tableName } from '../tables/table-shapes.ts'
import { runReadTransaction } from '../transactions/run-read-transaction.ts'
import { transactionCapacity } from '../transactions/transaction-capacity.ts'
import { readInput } from '../validation/read-input.ts'
import { list, required, string, structure } from '../validation/shape.ts'
import { checkItem } from '../values/check-value.ts'

const shape = structure({
  TransactItems: required(
    list(
      structure(
        {
          Get: required(
            structure(
              {
                TableName: required(tableName),
                Key: required(attributeMap),
                ProjectionExpression: string(),
                ExpressionAttributeNames: expressionAttributeNames,
              },
              'Get',
            ),
          ),
        },
        'TransactGetItem',
      ),
      { minimum: 1, maximum: 100 },
    ),
  ),
  ReturnConsumedCapacity: returnConsumedCapacity,
})

/**
 * Reads up to 100 items as they are at one moment.
 *
 * @internal
 */
export function transactGetItems(
  context: OperationContext,
  input: Readonly<Record<string, unknown>>,
): object {
  const request = readInput(shape, input)
  const gets = request.TransactItems.map(({ Get }) => {
    checkExpressionParameters(Get, { expressions: ['ProjectionExpression'], legacy: [] })
    const key = checkItem(Get.Key)
    return { table: Get.TableName, key, paths: readExpressions(Get).projection }
  })
  const { items, charges } = runReadTransaction(context, gets)
  return {
    ...transactionCapacity(request.ReturnConsumedCapacity, charges),
    Responses: items.map((item) => (item === undefined ? {} : { Item: item })),
  }
}
