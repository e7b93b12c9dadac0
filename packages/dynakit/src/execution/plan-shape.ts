import { createHash, type Hash } from 'node:crypto'
import { encodeValue } from '../codec/encode.ts'
import type { Condition } from '../expressions/condition.ts'
import type { QueryPlan } from '../operations/read/query.ts'
import type { ScanPlan } from '../operations/read/scan.ts'
import type { BranchesPlan, KeysPlan, PlannedRead } from '../planner/plan-request.ts'

const shapeBytes = 9

const shapes = new WeakMap<PlannedRead, string>()

/**
 * Text that is equal for plans whose cursors may be exchanged: they differ in values at most.
 *
 * Where several reads stand behind a query, their positions belong to its values, which count then.
 *
 * Changing this text makes every cursor that is out there invalid; a test holds old ones.
 *
 * @internal
 */
export function planShape(planned: PlannedRead): string {
  let shape = shapes.get(planned)
  if (shape === undefined) {
    const hash = createHash('sha256').update(shapeText(planned))
    addValues(hash, planned.plan)
    shape = hash.digest().subarray(0, shapeBytes).toString('base64url')
    shapes.set(planned, shape)
  }
  return shape
}

function shapeText({ plan, residual, completion, sortedBy }: PlannedRead): string {
  const parts = planText(plan, residual)
  if (completion) parts.push('completed', conditionText(completion.condition))
  if (sortedBy) parts.push('sorted', sortedBy.attribute, sortedBy.ascending ? 'asc' : 'desc')
  return parts.join('\n')
}

function planText(plan: PlannedRead['plan'], residual: Condition | undefined): string[] {
  const parts: string[] = [plan.operation, plan.tableName]
  if (plan.operation === 'Branches') {
    for (const branch of plan.branches) parts.push(...planText(branch.plan, branch.residual))
  }
  if (plan.operation === 'BatchGetItem') parts.push(conditionText(residual))
  if (plan.operation === 'Query' || plan.operation === 'Scan') parts.push(...pageText(plan, residual))
  return parts
}

function pageText(plan: QueryPlan | ScanPlan, residual: Condition | undefined): readonly string[] {
  const parts = [plan.indexName ?? '', conditionText(plan.filter), conditionText(residual)]
  if (plan.operation === 'Scan') return parts
  return [...parts, conditionText(plan.keyCondition), plan.ascending ? 'asc' : 'desc']
}

function addValues(hash: Hash, plan: PlannedRead['plan']): void {
  if (plan.operation === 'BatchGetItem') hash.update(keysText(plan))
  if (plan.operation === 'Branches') hash.update(branchesText(plan))
}

function keysText({ keys }: KeysPlan): string {
  return JSON.stringify(
    keys.map((key) => Object.entries(key).map(([name, value]) => [name, valueText(value)])),
  )
}

function branchesText({ branches }: BranchesPlan): string {
  return JSON.stringify(
    branches.map(({ plan }) => (plan.operation === 'Query' ? valuesOf(plan.keyCondition) : plan.segment)),
  )
}

function valuesOf(condition: Condition): readonly unknown[] {
  if (condition.type === 'not') return valuesOf(condition.condition)
  if (condition.type !== 'field') return condition.conditions.flatMap(valuesOf)
  return condition.operands.map((operand) => ('value' in operand ? valueText(operand.value) : ''))
}

function valueText(value: Parameters<typeof encodeValue>[0] | undefined): unknown {
  if (value instanceof Uint8Array) return { B: Buffer.from(value).toString('base64') }
  return value === undefined ? undefined : encodeValue(value, '')
}

/** A condition without its values; the order of the members of a group does not matter. */
function conditionText(condition: Condition | undefined): string {
  if (!condition) return ''
  switch (condition.type) {
    case 'not':
      return `not(${conditionText(condition.condition)})`
    case 'and':
    case 'or':
      return `${condition.type}(${condition.conditions.map(conditionText).sort().join(',')})`
    case 'field': {
      const others = condition.operands.flatMap((operand) =>
        'attribute' in operand ? [operand.attribute.text] : [],
      )
      return [condition.operator, condition.path.text, ...others].join(' ')
    }
  }
}
