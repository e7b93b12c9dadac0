import type { Item } from '../values/attribute-value.ts'
import { project } from './project.ts'
import type { UpdateNode } from './update-node.ts'

/**
 * Gives what `ReturnValues` of `UPDATED_OLD` and `UPDATED_NEW` return: of the item, what the paths of the update
 * lead to. What the update removed has no new value, even if something else has taken its place in a list.
 *
 * @param update - The update.
 * @param item - The item before or after it.
 * @param when - Which of the two.
 * @returns The attributes, or undefined when there are none.
 * @internal
 */
export function updatedAttributes(
  update: UpdateNode,
  item: Item,
  when: 'before' | 'after',
): Item | undefined {
  const actions = when === 'after' ? update.actions.filter(({ type }) => type !== 'remove') : update.actions
  const attributes = project(
    actions.map(({ path }) => path),
    item,
  )
  return Object.keys(attributes).length === 0 ? undefined : attributes
}
