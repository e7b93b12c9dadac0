import { validationError, type ServiceError } from '../protocol/service-error.ts'

/** Where an expression stands in a request; its messages begin with it. */
export type ExpressionKind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'UpdateExpression'

/**
 * Makes the error of an expression DynamoDB does not accept.
 *
 * @param kind - The parameter the expression was given in.
 * @param reason - What is wrong with it.
 * @internal
 */
export function invalidExpression(kind: ExpressionKind, reason: string): ServiceError {
  return validationError(`Invalid ${kind}: ${reason}`)
}
