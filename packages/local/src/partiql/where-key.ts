import type { ConditionNode } from '../expressions/condition-node.ts'
import { validationError } from '../protocol/service-error.ts'
import type { KeySchema } from '../tables/table-definition.ts'
import { setAttribute, type AttributeValue, type Item } from '../values/attribute-value.ts'
import { equalValues } from '../values/compare.ts'
import { checkKeyType, lookupOf } from './lookup.ts'

/** The key a WHERE clause names. */
export interface WhereKey {
  readonly key: Item
  /** Whether the clause says more. */
  readonly hasMore: boolean
  /** An attribute that is to have two values at once, if there is one. */
  readonly contradiction: string | undefined
}

/**
 * Finds the key that the equalities of a WHERE clause name, the first of each attribute.
 *
 * @param where - The clause; undefined for none.
 * @param schema - The key of the table.
 * @returns Undefined when they do not name every key attribute.
 * @internal
 */
export function whereKey(where: ConditionNode | undefined, schema: KeySchema): WhereKey | undefined {
  const conjuncts = where === undefined ? [] : conjunctsOf(where)
  const key: Record<string, AttributeValue> = {}
  let contradiction: string | undefined
  let named = 0
  for (const { name } of [...schema.partition, ...schema.sort]) {
    const [first, ...others] = conjuncts.flatMap((node) => equality(node, name))
    if (first === undefined) return undefined
    setAttribute(key, name, first)
    named += 1 + others.length
    if (others.some((other) => !equalValues(first, other))) contradiction ??= name
  }
  return { key, hasMore: conjuncts.length > named, contradiction }
}

function conjunctsOf(node: ConditionNode): readonly ConditionNode[] {
  return node.type === 'and' ? node.conditions.flatMap(conjunctsOf) : [node]
}

function equality(node: ConditionNode, name: string): readonly AttributeValue[] {
  const lookup = lookupOf(node)
  return lookup?.operator === '=' && lookup.attribute === name ? lookup.values : []
}

/**
 * Finds the key of the one item a statement writes.
 *
 * @param where - Its WHERE clause.
 * @param schema - The key of the table.
 * @throws ServiceError when the clause does not name one item.
 * @internal
 */
export function writtenKey(where: ConditionNode | undefined, schema: KeySchema): Item {
  const found = whereKey(where, schema)
  if (found === undefined) {
    throw validationError('Where clause does not contain a mandatory equality on all key attributes')
  }
  if (found.contradiction !== undefined) {
    throw validationError(
      `Multiple conditions on same key ${found.contradiction}. Only single item Update/Insert/Delete are supported`,
    )
  }
  for (const attribute of [...schema.partition, ...schema.sort]) {
    checkKeyType(attribute, [found.key[attribute.name] as AttributeValue])
  }
  return found.key
}
