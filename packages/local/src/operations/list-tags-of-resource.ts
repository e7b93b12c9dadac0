import type { OperationContext } from '../engine/operation-context.ts'
import { findResource } from '../tables/find-resource.ts'
import { readInput } from '../validation/read-input.ts'
import { required, string, structure } from '../validation/shape.ts'

const shape = structure({
  ResourceArn: required(string({ minimum: 1, maximum: 1283 })),
  NextToken: string(),
})

/**
 * Lists the tags of a table. There are never so many that they need a second page.
 *
 * @internal
 */
export function listTagsOfResource(
  context: OperationContext,
  input: Readonly<Record<string, unknown>>,
): object {
  const { ResourceArn } = readInput(shape, input)
  return { Tags: findResource(context, ResourceArn).definition.tags }
}
