import type { OperationContext } from '../engine/operation-context.ts'
import { findResource } from '../tables/find-resource.ts'
import { checkTagCount, checkTags } from '../tables/read-tags.ts'
import { redefineTable } from '../tables/settle-tables.ts'
import { tags } from '../tables/table-shapes.ts'
import { readInput } from '../validation/read-input.ts'
import { required, string, structure } from '../validation/shape.ts'

const shape = structure({
  ResourceArn: required(string({ minimum: 1, maximum: 1283 })),
  Tags: required(tags),
})

/**
 * Adds tags to a table, in the place of those with the same keys.
 *
 * @internal
 */
export function tagResource(context: OperationContext, input: Readonly<Record<string, unknown>>): object {
  const { ResourceArn, Tags } = readInput(shape, input)
  const { definition } = findResource(context, ResourceArn)
  checkTags(Tags)
  const merged = new Map([...definition.tags, ...Tags].map(({ Key, Value }) => [Key, Value]))
  checkTagCount(merged.size)
  redefineTable(context.database, {
    ...definition,
    tags: [...merged].map(([Key, Value]) => ({ Key, Value })),
  })
  return {}
}
