import type { OperationContext } from '../engine/operation-context.ts'

const cacheMinutes = 1440

/**
 * Describes where the service answers.
 *
 * @internal
 */
export function describeEndpoints({ region }: OperationContext): object {
  return {
    Endpoints: [{ Address: `dynamodb.${region}.amazonaws.com`, CachePeriodInMinutes: cacheMinutes }],
  }
}
