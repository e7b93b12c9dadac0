import type { AttributeValue } from '../values/attribute-value.ts'
import type { ConditionNode } from './condition-node.ts'
import type { DocumentPath } from './document-path.ts'
import { keyConditions, type KeyCondition } from './key-condition.ts'
import { parseCondition } from './parse-condition.ts'
import { parseProjection } from './parse-projection.ts'
import { parseUpdate } from './parse-update.ts'
import { readPlaceholders } from './read-placeholders.ts'
import type { UpdateNode } from './update-node.ts'

/** The expressions a request can have. */
export interface ExpressionRequest {
  readonly UpdateExpression?: string | undefined
  readonly ConditionExpression?: string | undefined
  readonly KeyConditionExpression?: string | undefined
  readonly FilterExpression?: string | undefined
  readonly ProjectionExpression?: string | undefined
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined
  readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>> | undefined
}

/** The expressions of a request, ready for use. What the request does not have is undefined. */
export interface Expressions {
  readonly update: UpdateNode | undefined
  readonly condition: ConditionNode | undefined
  /** As a condition, for the checks that concern paths. */
  readonly keyCondition: ConditionNode | undefined
  readonly keyConditions: readonly KeyCondition[] | undefined
  readonly filter: ConditionNode | undefined
  readonly projection: readonly DocumentPath[] | undefined
}

/**
 * Reads the expressions of a request with their names and values, and checks everything that needs no table.
 *
 * @param request - The request.
 * @throws ServiceError for the first fault, in DynamoDB's order.
 * @internal
 */
export function readExpressions(request: ExpressionRequest): Expressions {
  const {
    UpdateExpression,
    ConditionExpression,
    KeyConditionExpression,
    FilterExpression,
    ProjectionExpression,
  } = request
  const placeholders = readPlaceholders(request.ExpressionAttributeNames, request.ExpressionAttributeValues)
  const read = <Node>(text: string | undefined, parse: (text: string) => Node): Node | undefined =>
    text === undefined ? undefined : parse(text)
  const update = read(UpdateExpression, (text) => parseUpdate(text, placeholders))
  const condition = read(ConditionExpression, (text) =>
    parseCondition('ConditionExpression', text, placeholders),
  )
  const keyCondition = read(KeyConditionExpression, (text) =>
    parseCondition('KeyConditionExpression', text, placeholders),
  )
  const filter = read(FilterExpression, (text) => parseCondition('FilterExpression', text, placeholders))
  const projection = read(ProjectionExpression, (text) => parseProjection(text, placeholders))
  if (placeholders.unused !== undefined) throw placeholders.unused
  return {
    update,
    condition,
    keyCondition,
    keyConditions: keyCondition && keyConditions(keyCondition),
    filter,
    projection,
  }
}
