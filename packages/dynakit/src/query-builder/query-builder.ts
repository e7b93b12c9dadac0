import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import type { NativeItem } from '../codec/native-value.ts'
import { toRate } from '../execution/batch-options.ts'
import type { CallOptions } from '../execution/call.ts'
import { type Cursor, type CursorDirection, decodeCursor, encodeCursor } from '../execution/cursor.ts'
import type { Executor } from '../execution/executor.ts'
import type { ReadOptions } from '../execution/open-reader.ts'
import type { Position } from '../execution/position.ts'
import { countItems, readItems, readPages } from '../execution/read.ts'
import type { ReadBudget } from '../execution/read-meter.ts'
import { reversePlan } from '../execution/reverse-plan.ts'
import type { Condition } from '../expressions/condition.ts'
import type {
  CheckOperator,
  CheckPath,
  ExistenceOperator,
  FieldPath,
  FieldValue,
  OperandFor,
  Operator,
  SelectedItem,
} from '../expressions/field-types.ts'
import { parsePath, type Path, rootOf } from '../expressions/path.ts'
import type { Explanation } from '../planner/explanation.ts'
import { planRead } from '../planner/plan-read.ts'
import type { PlannedRead } from '../planner/plan-request.ts'
import { dependsOnTime, visibilityOf } from '../planner/visibility.ts'
import type { Table } from '../schema/table.ts'
import { type ConditionCallback, toCondition } from './condition-builder.ts'
import { encodeConditions } from '../planner/encode-conditions.ts'
import { type CountResult, makePage, type Page } from './page.ts'
import type { QueryTarget } from './query-target.ts'
import { type GroupedPage, groupPage } from './grouped-page.ts'
import {
  checkUnion,
  checkUnknownItems,
  otherItems,
  refusedItems,
  type UnknownItems,
} from './unknown-items.ts'

/**
 * A query being built. Every method returns a new builder; the old one stays as it was.
 *
 * The planner picks the table's key or an index from the conditions; what neither can answer becomes a
 * filter. A query that would have to scan the table throws {@link ScanNotAllowedError} unless
 * {@link QueryBuilder.allowScan} was called.
 *
 * @typeParam Item - The items queried.
 * @typeParam Selected - What is given back of each.
 * @typeParam Explained - What `explain()` returns: at once for declared tables, a promise otherwise.
 *
 * @example
 * ```ts
 * import { createAdapter } from 'dynakit'
 *
 * interface Product { id: string; category: string; name: string; price: number }
 * const db = createAdapter({ region: 'eu-west-1', tableName: 'Products' })
 * const page = await db
 *   .query<Product>()
 *   .where('category', '=', 'electronics')
 *   .where('price', '<', 1000)
 *   .select('id', 'name', 'price')
 *   .paginate(20)
 *   .execute()
 * for (const product of page) console.log(product.name)
 * ```
 */
export interface QueryBuilder<Item, Selected = Item, Explained = Explanation> extends ReadBuilder<
  Item,
  Selected,
  Explained
> {
  /** Reads only these fields and nested paths (`address.city`); narrows the type of the items. */
  select<const Path extends FieldPath<Item>>(
    ...fields: (Path & CheckPath<Item, Path>)[]
  ): QueryBuilder<Item, SelectedItem<Item, Path>, Explained>
}

/**
 * The part of a query that does not depend on which fields are given back.
 *
 * @typeParam Item - The items queried.
 * @typeParam Selected - What is given back of each.
 * @typeParam Explained - What `explain()` returns.
 */
export interface ReadBuilder<Item, Selected, Explained> {
  /** Adds a condition built with `e`: `where(e => e.or([e('a', '=', 1), e('b', 'exists')]))`. */
  where(build: ConditionCallback<Item>): this
  /**
   * Adds a condition; all conditions must hold.
   *
   * @param field - Field or path: `status`, `address.city`, `lines[0].sku`, `size(labels)`.
   * @param operator - What the field's type allows.
   * @param operand - A value; `[lower, upper]` for `between`; a list for `in`.
   */
  where<
    const Chosen extends Operator,
    const Path extends FieldPath<Item>,
    // A parameter with a default, not an expression in place: it keeps the check cheap for the compiler.
    Value = FieldValue<Item, Path>,
    Checked = CheckOperator<Value, Chosen>,
  >(
    field: Path & CheckPath<Item, Path>,
    operator: Chosen & NoInfer<Checked>,
    operand: NoInfer<OperandFor<Value, Chosen>>,
  ): this
  /** Adds a condition on whether a field is there. */
  where<const Path extends FieldPath<Item>>(
    // The names stand here too, so that an editor lists them as soon as the quote is typed.
    field: (Path & CheckPath<Item, Path>) | keyof Item,
    operator: ExistenceOperator,
  ): this
  /** Orders by the sort key of the key or index that is read, smallest first. This is the default. */
  ascending(): this
  /** Orders by the sort key of the key or index that is read, greatest first. */
  descending(): this
  /** Requires an order by this field: only a key or index that has it can then be chosen. */
  orderBy(field: keyof Item & string, direction?: 'ascending' | 'descending'): this
  /** Uses this index and no other, also where it does not hold every item. */
  index(name: string): this
  /** Reads with strong consistency; rules out global indexes. */
  consistent(): this
  /** Reads attributes that the chosen index does not hold from the table, by BatchGetItem. */
  completeItems(): this
  /** Gives soft-deleted items too. Only for entities with `softDelete`. */
  withDeleted(): this
  /** Leaves out items whose time to live is over, although DynamoDB has not deleted them yet. */
  excludeExpired(): this
  /** Gives items whose time to live is over too, also where the entity leaves them out. */
  includeExpired(): this
  /** Permits reading the whole table when no key or index can answer. */
  allowScan(options?: ScanOptions): this
  /** Gives at most this many items: exactly as many when they exist, whatever the pages hold. */
  take(count: number): this
  /** The same as {@link QueryBuilder.take}: one page of your own size, with a cursor to the next. */
  paginate(count: number): this
  /** Fixes how many items DynamoDB evaluates per request; by itself this does not limit the result. */
  pageSize(count: number): this
  /** Stops the read early; the result then has `stoppedBy` and a cursor to go on with. */
  budget(limits: ReadBudget): this
  /** Goes on after a cursor of the same query; `undefined` starts at the beginning. */
  after(cursor: Cursor | undefined): this
  /**
   * Gives what comes before a cursor of the same query, in the query's order: with `take(n)`, the n items
   * right before it. `undefined` changes nothing.
   */
  before(cursor: Cursor | undefined): this
  /**
   * Reads the items: all of them, or as many as `take` says.
   *
   * @throws ScanNotAllowedError when it would have to scan; InvalidCursorError for a wrong cursor.
   */
  execute(options?: CallOptions): Promise<Page<Selected>>
  /** Reads the first item, if there is one. */
  first(options?: CallOptions): Promise<Selected | undefined>
  /** Counts the items without transferring them where DynamoDB can count. */
  count(options?: CallOptions): Promise<CountResult>
  /** Gives the items one by one, reading at most one page ahead; stop with `break` or the signal. */
  stream(options?: CallOptions): AsyncIterable<Selected>
  /**
   * Gives the items page by page as DynamoDB gives them, each page with the cursor to go on after it; reads at
   * most one page ahead of each part of a scan. Pages may be empty. Stop with `break` or the signal.
   */
  pages(options?: PagesOptions): AsyncIterable<Page<Selected>>
  /** Says how the query is carried out and why, without carrying it out. */
  explain(): Explained
}

/** How a scan is carried out. */
export interface ScanOptions {
  /**
   * Parts of the table that are read at the same time, 1 to 100. Default: 1. With more than one, items come
   * in no order, and each part can read up to 1 MB ahead.
   */
  readonly segments?: number | undefined
}

/** Options of a read that gives pages. */
export interface PagesOptions extends CallOptions {
  /**
   * Most read capacity units per second, over all parts of a scan. Needs an adapter that learns of consumed
   * capacity (`capacityDetail`). Default: no limit.
   */
  readonly maxUnitsPerSecond?: number | undefined
}

/** What a query can give to dynakit itself: its pages with the items as they are stored. */
export interface StoredPages {
  /** The pages. */
  '~storedPages'(options?: PagesOptions): AsyncIterable<Page<NativeItem>>
}

/** What a builder has gathered: plain frozen data. */
interface QueryState {
  readonly conditions: readonly Condition[]
  readonly select: readonly Path[] | undefined
  readonly ascending: boolean
  readonly orderBy: string | undefined
  readonly indexName: string | undefined
  readonly consistentRead: boolean
  readonly allowScan: boolean
  readonly segments: number | undefined
  readonly completeItems: boolean
  readonly take: number | undefined
  readonly pageSize: number | undefined
  readonly budget: ReadBudget
  readonly after: Cursor | undefined
  readonly before: Cursor | undefined
  readonly withDeleted: boolean
  readonly excludeExpired: boolean | undefined
  /** Of a query for several entities; undefined when nothing was chosen. */
  readonly unknownItems: UnknownItems | undefined
}

const initialState: QueryState = Object.freeze({
  conditions: [],
  select: undefined,
  ascending: true,
  orderBy: undefined,
  indexName: undefined,
  consistentRead: false,
  allowScan: false,
  segments: undefined,
  completeItems: false,
  take: undefined,
  pageSize: undefined,
  budget: {},
  after: undefined,
  before: undefined,
  withDeleted: false,
  excludeExpired: undefined,
  unknownItems: undefined,
})

const mostSegments = 100

/**
 * Starts a query.
 *
 * @param executor - Carries the requests.
 * @param target - What is read.
 * @returns The builder; the caller gives it its types.
 * @internal
 */
export function startQuery(executor: Executor, target: QueryTarget): unknown {
  return new Query(executor, target, initialState)
}

class Query implements StoredPages {
  readonly #executor: Executor
  readonly #target: QueryTarget
  readonly #state: QueryState
  #planned: PlannedRead | undefined

  constructor(executor: Executor, target: QueryTarget, state: QueryState) {
    this.#executor = executor
    this.#target = target
    this.#state = state
  }

  #with(change: Partial<QueryState>): Query {
    return new Query(this.#executor, this.#target, Object.freeze({ ...this.#state, ...change }))
  }

  where(...parameters: readonly unknown[]): Query {
    return this.#with({ conditions: [...this.#state.conditions, toCondition(parameters)] })
  }

  select(...fields: readonly string[]): Query {
    if (fields.length === 0) throw invalid('select', 'name at least one field', undefined)
    return this.#with({ select: fields.map(parsePath) })
  }

  ascending(): Query {
    return this.#with({ ascending: true })
  }

  descending(): Query {
    return this.#with({ ascending: false })
  }

  orderBy(field: string, direction: 'ascending' | 'descending' = 'ascending'): Query {
    return this.#with({ orderBy: field, ascending: direction === 'ascending' })
  }

  index(name: string): Query {
    return this.#with({ indexName: name })
  }

  consistent(): Query {
    return this.#with({ consistentRead: true })
  }

  withDeleted(): Query {
    return this.#with({ withDeleted: true })
  }

  excludeExpired(): Query {
    return this.#with({ excludeExpired: true })
  }

  includeExpired(): Query {
    return this.#with({ excludeExpired: false })
  }

  completeItems(): Query {
    return this.#with({ completeItems: true })
  }

  allowScan({ segments }: ScanOptions = {}): Query {
    if (segments !== undefined && positiveInteger('segments', segments) > mostSegments) {
      throw invalid('segments', `give at most ${String(mostSegments)}`, segments)
    }
    return this.#with({ allowScan: true, segments })
  }

  take(count: number): Query {
    return this.#with({ take: positiveInteger('take', count) })
  }

  paginate(count: number): Query {
    return this.#with({ take: positiveInteger('paginate', count) })
  }

  pageSize(count: number): Query {
    return this.#with({ pageSize: positiveInteger('pageSize', count) })
  }

  budget(limits: ReadBudget): Query {
    const { maxPages, maxEvaluated, maxCapacity } = limits
    if (maxPages !== undefined) positiveInteger('maxPages', maxPages)
    if (maxEvaluated !== undefined) positiveInteger('maxEvaluated', maxEvaluated)
    if (maxCapacity !== undefined) this.#checkCapacityBudget(maxCapacity)
    return this.#with({ budget: { ...this.#state.budget, ...limits } })
  }

  #checkCapacityBudget(maxCapacity: number): void {
    if (!(maxCapacity > 0))
      throw invalid('maxCapacity', 'give a positive number of capacity units', maxCapacity)
    if (this.#executor.settings.capacityDetail !== 'none') return
    throw invalid(
      'maxCapacity',
      "the adapter was made with capacityDetail 'none', so consumed capacity is not known",
      maxCapacity,
    )
  }

  after(cursor: Cursor | undefined): Query {
    return this.#with({ after: cursor })
  }

  before(cursor: Cursor | undefined): Query {
    return this.#with({ before: cursor })
  }

  unknownItems(choice: UnknownItems): Query {
    checkUnion('unknownItems', this.#target.entities)
    return this.#with({ unknownItems: checkUnknownItems(choice) })
  }

  async executeGrouped(options?: CallOptions): Promise<GroupedPage<unknown>> {
    checkUnion('executeGrouped', this.#target.entities)
    return groupPage(this.#target.entities, await this.execute(options))
  }

  async execute(options?: CallOptions): Promise<Page<unknown>> {
    const call = this.#executor.start(options)
    const planned = await this.#plan()
    const { after, before } = this.#state
    const isBackwards = before !== undefined
    const plan = isBackwards ? reversePlan(planned) : planned
    const result = await readItems(this.#executor, plan, this.#readOptions(planned), call)
    const items = result.items.map((item) => this.#decode(item))
    const { position } = result
    // Only a page that began somewhere has anything on its other side.
    const origin = items.length > 0 && (isBackwards || after !== undefined) ? result.origin : undefined
    return makePage({
      items: isBackwards ? items.reverse() : items,
      cursor: this.#cursor(planned, isBackwards ? origin : position, 'after'),
      previousCursor: this.#cursor(planned, isBackwards ? position : origin, 'before'),
      capacity: call.meter.snapshot(),
      evaluated: result.evaluated,
      stoppedBy: result.stoppedBy,
    })
  }

  async first(options?: CallOptions): Promise<unknown> {
    const { items } = await this.take(1).execute(options)
    return items[0]
  }

  async count(options?: CallOptions): Promise<CountResult> {
    const refused = refusedItems(this.#target, this.#state.unknownItems)
    const call = this.#executor.start(options)
    const planned = await (refused ? this.#with({ select: refused.select }) : this).#plan()
    const isBackwards = this.#state.before !== undefined
    const plan = isBackwards ? reversePlan(planned) : planned
    const result = await countItems(this.#executor, plan, this.#readOptions(planned), call, refused?.check)
    return {
      count: result.count,
      cursor: this.#cursor(planned, result.position, isBackwards ? 'before' : 'after'),
      capacity: call.meter.snapshot(),
      evaluated: result.evaluated,
      stoppedBy: result.stoppedBy,
    }
  }

  async *stream(options?: CallOptions): AsyncGenerator<unknown, void, undefined> {
    const call = this.#executor.start(options)
    const planned = await this.#planStream()
    for await (const { items } of readPages(this.#executor, planned, this.#readOptions(planned), call)) {
      for (const item of items) yield this.#decode(item)
    }
  }

  async *pages(options?: PagesOptions): AsyncGenerator<Page<unknown>, void, undefined> {
    for await (const page of this['~storedPages'](options)) {
      const { items, cursor, previousCursor, capacity, evaluated, stoppedBy } = page
      const decoded = items.map((item) => this.#decode(item))
      yield makePage({ items: decoded, cursor, previousCursor, capacity, evaluated, stoppedBy })
    }
  }

  async *'~storedPages'(options?: PagesOptions): AsyncGenerator<Page<NativeItem>, void, undefined> {
    const call = this.#executor.start(options)
    const { capacityDetail } = this.#executor.settings
    const maxUnitsPerSecond = toRate(options?.maxUnitsPerSecond, capacityDetail)
    const planned = await this.#planStream()
    const reading = { ...this.#readOptions(planned), maxUnitsPerSecond }
    for await (const page of readPages(this.#executor, planned, reading, call)) {
      yield makePage({
        items: [...page.items],
        cursor: this.#cursor(planned, page.position, 'after'),
        previousCursor: undefined,
        capacity: call.meter.snapshot(),
        evaluated: page.evaluated,
        stoppedBy: page.stoppedBy,
      })
    }
  }

  async #planStream(): Promise<PlannedRead> {
    const { before } = this.#state
    if (before === undefined) return this.#plan()
    throw invalid('before', 'a stream goes one way; turn the order around and use after', before)
  }

  explain(): Explanation | Promise<Explanation> {
    const { table } = this.#target
    if (table) return this.#planFor(table).explanation
    return this.#plan().then((planned) => planned.explanation)
  }

  async #plan(): Promise<PlannedRead> {
    const { table } = this.#target
    return this.#planFor(table ?? (await this.#target.loadTable(this.#state.excludeExpired === true)))
  }

  #planFor(table: Table): PlannedRead {
    const { entities } = this.#target
    const state = this.#state
    if (this.#planned && !dependsOnTime(entities, state)) return this.#planned
    const others = otherItems(table, entities, state.unknownItems)
    this.#planned = planRead({
      table,
      entities,
      conditions: encodeConditions(state.conditions, entities),
      select: state.select,
      ascending: state.ascending,
      orderBy: state.orderBy,
      consistentRead: state.consistentRead,
      indexName: state.indexName,
      allowScan: state.allowScan,
      segments: state.segments,
      completeItems: state.completeItems,
      entityFilter: others.entityFilter,
      visibility: [...others.visibility, ...visibilityOf(table, entities, state, new Date())],
    })
    return this.#planned
  }

  #readOptions(planned: PlannedRead): ReadOptions {
    const { take, pageSize, budget } = this.#state
    return { start: this.#start(planned), take, pageSize, budget }
  }

  #start(planned: PlannedRead): Position | undefined {
    const { after, before } = this.#state
    if (after !== undefined && before !== undefined) {
      throw invalid('before', 'after is given as well; a page begins at one of them', before)
    }
    const cursor = after ?? before
    if (cursor === undefined) return undefined
    const direction = after === undefined ? 'before' : 'after'
    return decodeCursor(planned, cursor, direction, this.#executor.settings.cursorSecret)
  }

  #cursor(
    planned: PlannedRead,
    position: Position | undefined,
    direction: CursorDirection,
  ): Cursor | undefined {
    return position && encodeCursor(planned, position, direction, this.#executor.settings.cursorSecret)
  }

  /** The attributes a cursor needs are read too; they are not given back unless they were selected. */
  #decode(item: NativeItem): unknown {
    const { select } = this.#state
    if (!select) return this.#target.decode(item, this.#state.unknownItems)
    const isUnion = this.#target.entities.length > 1
    const wanted = new Set(select.map(rootOf))
    const decoded = this.#target.decode(item, this.#state.unknownItems) as Record<string, unknown>
    const fields = (isUnion ? decoded.item : decoded) as Record<string, unknown>
    const picked = Object.fromEntries(Object.entries(fields).filter(([name]) => wanted.has(name)))
    return isUnion ? { ...decoded, item: picked } : picked
  }
}

function positiveInteger(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value
  throw invalid(name, 'give a whole number from 1', value)
}

function invalid(name: string, reason: string, value: unknown): ValidationError {
  return new ValidationError(`${name}: ${reason}.`, {
    rule: 'option',
    field: name,
    valueType: valueType(value),
  })
}
