import type { RejectedPath } from '../errors/request-errors.ts'
import type { RequestEstimate } from './request-estimate.ts'

/** A key or index that could answer the query but was not chosen. */
export interface Alternative {
  /** Index name, or `undefined` for the table's own key. */
  readonly indexName: string | undefined
  /** Why another one was preferred. */
  readonly reason: string
}

/** The facts of a plan; {@link Explanation} adds the text. */
export interface ExplanationFacts {
  /** DynamoDB operation, or `none` when the conditions cannot all be true. */
  readonly operation: 'GetItem' | 'BatchGetItem' | 'Query' | 'Scan' | 'none'
  /** Table read. */
  readonly tableName: string
  /** Index read, if any. */
  readonly indexName: string | undefined
  /** Queries that are made, or parts a scan is read in; their items are given as one sequence. */
  readonly queries: number
  /**
   * Conditions DynamoDB uses to find items: these cost nothing extra. Values are shown as `?`. Of several
   * queries, those of the first.
   */
  readonly keyCondition: readonly string[]
  /** Condition DynamoDB checks after reading: items it drops are paid for. Of several queries, of the first. */
  readonly filter: string | undefined
  /** Condition dynakit checks itself, because DynamoDB cannot: its filter takes no key attributes. */
  readonly checkedByDynakit: string | undefined
  /** Attributes read, or `all`. */
  readonly projection: readonly string[] | 'all'
  /** Attributes read from the table as well, because the index does not hold them; `undefined` when none are. */
  readonly completedFromTable: readonly string[] | 'all' | undefined
  /** Whether the read is strongly consistent. */
  readonly consistentRead: boolean
  /** Order of the items, by the sort key attributes named. */
  readonly order:
    { readonly by: readonly string[]; readonly direction: 'ascending' | 'descending' } | undefined
  /** Requests this takes, as far as the plan tells. */
  readonly requests: RequestEstimate
  /** Keys and indexes that could serve too. */
  readonly alternatives: readonly Alternative[]
  /** Keys and indexes that cannot serve, and why. */
  readonly rejected: readonly RejectedPath[]
  /** What is worth a second look. */
  readonly warnings: readonly string[]
}

/**
 * Says how a query is carried out and why: plain data that prints as text.
 *
 * @example
 * ```ts
 * import { createAdapter } from 'dynakit'
 *
 * const db = createAdapter({ region: 'eu-west-1', tableName: 'Products' })
 * const explanation = await db.query().where('category', '=', 'electronics').explain()
 * console.log(explanation.operation, explanation.indexName)
 * console.log(String(explanation))
 * ```
 */
export interface Explanation extends ExplanationFacts {
  /** The explanation as text of several lines. */
  toString(): string
}

/**
 * Makes an explanation of the facts.
 *
 * @internal
 */
export function explanation(facts: ExplanationFacts): Explanation {
  const print = (): string => describe(facts)
  const methods = { toString: print, [Symbol.for('nodejs.util.inspect.custom')]: print }
  return Object.freeze(Object.assign(Object.create(methods) as object, facts))
}

function describe(facts: ExplanationFacts): string {
  const source =
    facts.indexName === undefined
      ? `table ${facts.tableName}`
      : `index ${facts.indexName} of table ${facts.tableName}`
  const lines = [
    `${facts.operation} on ${source}${several(facts)}`,
    line('key condition', facts.keyCondition.join(' and ')),
    line('filter', facts.filter),
    line('checked by dynakit', facts.checkedByDynakit),
    line('reads', names(facts.projection)),
    line('completed from the table', facts.completedFromTable && names(facts.completedFromTable)),
    line('consistency', facts.consistentRead ? 'strong' : 'eventual'),
    line('order', facts.order && `${facts.order.by.join(', ')} ${facts.order.direction}`),
    line('requests', estimate(facts.requests)),
    ...facts.warnings.map((warning) => line('warning', warning)),
    ...facts.alternatives.map((other) => line('not chosen', `${name(other.indexName)}: ${other.reason}`)),
    ...facts.rejected.map((other) => line('cannot serve', `${name(other.indexName)}: ${other.reason}`)),
  ]
  return lines.filter((text) => text !== undefined).join('\n')
}

function line(title: string, text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : `  ${title}: ${text}`
}

function name(indexName: string | undefined): string {
  return indexName ?? "the table's key"
}

function names(projection: readonly string[] | 'all'): string {
  return projection === 'all' ? 'all attributes' : projection.join(', ')
}

function several({ operation, queries }: ExplanationFacts): string {
  if (queries <= 1) return ''
  return operation === 'Scan' ? `, in ${String(queries)} parts` : `, ${String(queries)} queries`
}

function estimate({ atLeast, perMegabyte }: RequestEstimate): string {
  return perMegabyte ? `${String(atLeast)}, and one more for each further megabyte read` : String(atLeast)
}
