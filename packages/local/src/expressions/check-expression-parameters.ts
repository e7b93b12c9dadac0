import { validationError } from '../protocol/service-error.ts'
import type { ExpressionKind } from './expression-error.ts'

/** Expressions, and parameters older than they, in the order messages list them. */
export interface ExpressionParameters {
  readonly expressions: readonly ExpressionKind[]
  readonly legacy: readonly LegacyParameter[]
}

/** Parameters of requests from before there were expressions. */
type LegacyParameter =
  | 'AttributesToGet'
  | 'AttributeUpdates'
  | 'Expected'
  | 'QueryFilter'
  | 'ScanFilter'
  | 'KeyConditions'
  | 'ConditionalOperator'

type Request = Readonly<
  Partial<
    Record<
      ExpressionKind | LegacyParameter | 'ExpressionAttributeNames' | 'ExpressionAttributeValues',
      unknown
    >
  >
>

/** Expressions that can use values, in the order the message about needless values lists them. */
const withValues: readonly ExpressionKind[] = [
  'UpdateExpression',
  'FilterExpression',
  'ConditionExpression',
  'KeyConditionExpression',
]

/**
 * Checks that a request does not mix expressions with the parameters they replaced, and has names and values
 * only for expressions.
 *
 * @param request - The request.
 * @param parameters - What the operation takes.
 * @throws ServiceError when it does.
 * @internal
 */
export function checkExpressionParameters(request: Request, parameters: ExpressionParameters): void {
  const expressions = parameters.expressions.filter((name) => request[name] !== undefined)
  const legacy = parameters.legacy.filter((name) => request[name] !== undefined)
  if (expressions.length > 0 && legacy.length > 0) {
    throw validationError(
      'Can not use both expression and non-expression parameters in the same request: ' +
        `Non-expression parameters: {${legacy.join(', ')}} Expression parameters: {${expressions.join(', ')}}`,
    )
  }
  if (request.ExpressionAttributeNames !== undefined && expressions.length === 0) {
    throw validationError('ExpressionAttributeNames can only be specified when using expressions')
  }
  const users = withValues.filter((name) => parameters.expressions.includes(name))
  if (request.ExpressionAttributeValues === undefined || users.some((name) => request[name] !== undefined))
    return
  throw validationError(
    'ExpressionAttributeValues can only be specified when using expressions: ' +
      `${users.join(' and ')} ${users.length === 1 ? 'is' : 'are'} null`,
  )
}
