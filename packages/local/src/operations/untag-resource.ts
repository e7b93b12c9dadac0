import type { OperationContext } from '../engine/operation-context.ts'
import { findResource } from '../tables/find-resource.ts'
import { redefineTable } from '../tables/settle-tables.ts'
import { readInput } from '../validation/read-input.ts'
import { list, required, string, structure } from '../validation/shape.ts'

const shape = structure({
  ResourceArn: required(string({ minimum: 1, maximum: 1283 })),
  TagKeys: required(list(string({ minimum: 1, maximum: 128 }))),
})

/**
 * Takes tags off a table.
 *
 * @internal
 */
export function untagResource(context: OperationContext, input: Readonly<Record<string, unknown>>): object {
  const { ResourceArn, TagKeys } = readInput(shape, input)
  const { definition } = findResource(context, ResourceArn)
  const tags = definition.tags.filter(({ Key }) => !TagKeys.includes(Key))
  redefineTable(context.database, { ...definition, tags })
  return {}
}
