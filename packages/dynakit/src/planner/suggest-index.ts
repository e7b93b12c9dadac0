import { isNativeNumber } from '../codec/native-types.ts'
import type { FieldCondition } from '../expressions/condition.ts'
import { type FieldConditions, valueOf } from './field-conditions.ts'
import type { PlanRequest } from './plan-request.ts'

const maximumKeyAttributes = 4
const ranges = new Set(['<', '<=', '>', '>=', 'between', 'begins_with'])

/**
 * Writes an index definition that would serve a query no key or index can answer.
 *
 * @param request - What the query asks for.
 * @param conditions - Its conditions, sorted by field.
 * @returns The definition as it would stand in `defineTable`, or `undefined` when no index can help.
 * @internal
 */
export function suggestIndex(request: PlanRequest, conditions: FieldConditions): string | undefined {
  const equal: string[] = []
  const names: string[] = []
  let range: string | undefined
  for (const [field, list] of conditions.byField) {
    const equality = list.find(({ operator }) => operator === '=')
    const bound = list.find(({ operator }) => ranges.has(operator))
    if (equality && equal.length < maximumKeyAttributes) {
      equal.push(describeKey(field, equality))
      names.push(field)
    } else if (bound && range === undefined) {
      range = describeKey(field, bound)
      names.push(field)
    }
  }
  if (equal.length === 0) return undefined
  const name = `by${names.map(capitalise).join('')}`.slice(0, 255)
  const partitionKey = equal.length === 1 ? equal[0] : `[${equal.join(', ')}]`
  const sortKey = range === undefined ? '' : `, sortKey: ${range}`
  const projection = request.select ? '' : `, projection: 'all'`
  return `${name}: { type: 'global', partitionKey: ${String(partitionKey)}${sortKey}${projection} }`
}

function describeKey(field: string, condition: FieldCondition): string {
  const value = valueOf(condition)
  const type = isNativeNumber(value) ? 'number' : value instanceof Uint8Array ? 'binary' : 'string'
  return `{ name: '${field}', type: '${type}' }`
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
