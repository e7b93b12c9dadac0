import { ValidationError } from '../errors/request-errors.ts'
import type { QueryPlan } from '../operations/read/query.ts'
import type { BranchesPlan, PlannedRead, ReadBranch } from '../planner/plan-request.ts'

/**
 * Turns a plan around: the same items in the opposite order.
 *
 * @throws ValidationError for a scan, which has no order.
 * @internal
 */
export function reversePlan(planned: PlannedRead): PlannedRead {
  const { sortedBy } = planned
  if (sortedBy) {
    return Object.freeze({ ...planned, sortedBy: { ...sortedBy, ascending: !sortedBy.ascending } })
  }
  return Object.freeze({ ...planned, plan: reversed(planned.plan) })
}

function reversed(plan: PlannedRead['plan']): PlannedRead['plan'] {
  switch (plan.operation) {
    case 'Query':
      return turned(plan)
    case 'BatchGetItem':
      return Object.freeze({ ...plan, keys: Object.freeze([...plan.keys].reverse()) })
    case 'Branches':
      return Object.freeze({ ...plan, ascending: !plan.ascending, branches: turnedBranches(plan) })
    case 'Scan':
      throw noWayBack(plan.tableName)
    default:
      return plan
  }
}

function turned(plan: QueryPlan): QueryPlan {
  return Object.freeze({ ...plan, ascending: !plan.ascending })
}

function turnedBranches({ branches, tableName }: BranchesPlan): readonly ReadBranch[] {
  return branches.map((branch) => {
    if (branch.plan.operation === 'Scan') throw noWayBack(tableName)
    return Object.freeze({ ...branch, plan: turned(branch.plan) })
  })
}

function noWayBack(tableName: string): ValidationError {
  return new ValidationError(
    'before: a scan has no order, so there is nothing before a cursor. Use a query with a key or index, or orderBy.',
    { rule: 'before-scan', field: 'before', tableName },
  )
}
