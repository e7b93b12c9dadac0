import { attributesOf, type Condition, conjuncts } from '../../expressions/condition.ts'
import { type Path, rootOf } from '../../expressions/path.ts'
import type { UpdateActions } from '../../expressions/update-actions.ts'
import type { UpdateItemPlan } from './update-item.ts'

/**
 * Tells whether an update may be sent again: its second run must change nothing, find its condition as the
 * first run did, and give back the same.
 *
 * @param plan - The update.
 * @returns False where it is not certain.
 *
 * Source: Amazon DynamoDB Developer Guide, "Using update expressions in DynamoDB": `ADD` on a number
 * counts, `list_append` grows the list, removing an element moves the ones after it, and setting an element
 * beyond the end appends it.
 * @internal
 */
export function isRepeatableUpdate(plan: UpdateItemPlan): boolean {
  if (plan.returns === 'old' || plan.returns === 'updated-old') return false
  return areRepeatable(plan.actions) && (plan.condition === undefined || isUntouched(plan, plan.condition))
}

function areRepeatable({ set, remove, add, delete: taken }: UpdateActions): boolean {
  return (
    set.every(({ kind, path }) => (kind === 'value' || kind === 'if-not-exists') && !isElement(path)) &&
    remove.every((path) => !isElement(path)) &&
    add.every(({ path, value }) => value instanceof Set && !isElement(path)) &&
    taken.every(({ path }) => !isElement(path))
  )
}

/** Elements of lists move. */
function isElement({ segments }: Path): boolean {
  return typeof segments[segments.length - 1] === 'number'
}

/** Whether the update leaves alone everything its condition looks at. */
function isUntouched({ actions, key }: UpdateItemPlan, condition: Condition): boolean {
  const written = writtenAttributes(actions)
  for (const name of attributesOf(condition)) {
    if (written.has(name)) return false
    // An update that may create the item writes its key.
    if (Object.hasOwn(key, name) && !requiresItem(condition, key)) return false
  }
  return true
}

function writtenAttributes({ set, remove, add, delete: taken }: UpdateActions): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { path } of set) names.add(rootOf(path))
  for (const path of remove) names.add(rootOf(path))
  for (const { path } of add) names.add(rootOf(path))
  for (const { path } of taken) names.add(rootOf(path))
  return names
}

/** Whether the condition is false of every item that does not exist. */
function requiresItem(condition: Condition, key: UpdateItemPlan['key']): boolean {
  return conjuncts([condition]).some(
    (part) => part.type === 'field' && part.operator === 'exists' && Object.hasOwn(key, rootOf(part.path)),
  )
}
