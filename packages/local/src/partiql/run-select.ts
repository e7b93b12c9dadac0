import type { Charge, OperationContext } from '../engine/operation-context.ts'
import { checkScalarKeys } from '../expressions/check-key-paths.ts'
import { conditionPaths } from '../expressions/expression-paths.ts'
import { readCharges } from '../items/answer-page.ts'
import { partitionRange, type EntryRange } from '../items/partition-range.ts'
import { itemOf, maximumPageBytes, readPage, type Page } from '../items/read-page.ts'
import { readSelection, type Selection } from '../items/read-select.ts'
import type { ReadSource } from '../items/read-source.ts'
import { segmentRange } from '../items/segment-range.ts'
import { lastEvaluatedKey, readStartKey } from '../items/start-key.ts'
import { validationError } from '../protocol/service-error.ts'
import { findTable } from '../tables/find-table.ts'
import type { IndexDefinition, KeySchema, TableDefinition } from '../tables/table-definition.ts'
import type { Item } from '../values/attribute-value.ts'
import { pickColumns } from './columns.ts'
import { readNextToken, writeNextToken, type PageStart } from './next-token.ts'
import { branchRange, planSelect, type SelectPlan } from './plan-select.ts'
import { checkFilters, selectSource } from './select-source.ts'
import type { Column, SelectStatement } from './statement.ts'

/** What a request says about a SELECT besides the statement. */
export interface SelectOptions {
  readonly isConsistent: boolean
  /** Items to look at, at most. */
  readonly limit: number
  /** `NextToken` */
  readonly token: string | undefined
}

/** A page of what a SELECT gives. */
export interface SelectedPage {
  readonly items: readonly Item[]
  /** Where the next page starts, if there is one. */
  readonly next: { readonly token: string; readonly key: Item | undefined } | undefined
  readonly charges: readonly Charge[]
}

/** A part of the table or index that is read. */
interface Place {
  /** Which of the partitions it is. */
  readonly at: number
  readonly part: EntryRange
  readonly hash: number
}

/**
 * Reads a page of what a SELECT asks for: up to its limit, or until 1 MB was evaluated.
 *
 * @param context - What the operation works with.
 * @param statement - The statement.
 * @param options - What the request says besides.
 * @throws ServiceError when the table or index is not there or does not have what is asked for.
 * @internal
 */
export function runSelect(
  context: OperationContext,
  statement: SelectStatement,
  options: SelectOptions,
): SelectedPage {
  const page = new SelectReader(context, statement, options).read()
  context.charge(page.charges)
  return page
}

class SelectReader {
  readonly #statement: SelectStatement
  readonly #options: SelectOptions
  readonly #table: TableDefinition
  readonly #source: ReadSource
  readonly #plan: SelectPlan
  readonly #selection: Selection
  readonly #columns: readonly Column[] | undefined
  readonly #items: Item[] = []
  readonly #charges: Charge[] = []

  constructor(context: OperationContext, statement: SelectStatement, options: SelectOptions) {
    const { where } = statement
    this.#statement = statement
    this.#options = options
    this.#table = findTable(context, statement.table).definition
    this.#source = selectSource(context, this.#table, statement, options.isConsistent)
    this.#columns = statement.columns()
    const paths = this.#columns?.map(({ path }) => path)
    checkScalarKeys([...(paths ?? []), ...(where === undefined ? [] : conditionPaths(where))], this.#table)
    this.#plan = planSelect(statement, this.#key)
    checkFilters(this.#plan.branches, this.#source.index)
    this.#selection = readSelection(undefined, paths, this.#source.index)
  }

  read(): SelectedPage {
    let { limit } = this.#options
    let bytes = 0
    const { token } = this.#options
    let place: Place | undefined =
      this.#plan.branches?.length === 0 && token === undefined
        ? undefined
        : readNextToken(token, this.#sourceName, (start) => this.#placeOf(start))
    while (place !== undefined) {
      const page = this.#readPart(place, limit)
      const last = page.isFull ? page.evaluated.at(-1) : undefined
      if (last !== undefined) {
        const key = lastEvaluatedKey(this.#table, this.#index, itemOf(last).item)
        return this.#pageUntil({ Partition: place.at, Key: key })
      }
      limit -= page.evaluated.length
      bytes += page.bytes
      const next: PageStart = { Partition: place.at + 1 }
      const isLast = next.Partition >= (this.#plan.branches?.length ?? 1)
      if (!isLast && bytes >= maximumPageBytes) return this.#pageUntil(next)
      place = isLast ? undefined : this.#placeOf(next)
    }
    return this.#pageUntil(undefined)
  }

  get #index(): IndexDefinition | undefined {
    return this.#source.index?.definition
  }

  get #sourceName(): string {
    return [this.#table.name, this.#index?.name ?? ''].join('/')
  }

  get #key(): KeySchema {
    return this.#index?.key ?? this.#table.key
  }

  #placeOf({ Partition: at, Key }: PageStart): Place {
    const startKey = readStartKey(this.#table, this.#index, Key)
    const { branches, isForward } = this.#plan
    if (branches === undefined) {
      const part = segmentRange({ segment: 0, total: 1 }, startKey)
      return { at: 0, part, hash: startKey?.hash ?? part.firstHash }
    }
    const branch = branches[at]
    if (branch === undefined) throw validationError('Invalid NextToken')
    const range = branchRange(branch, this.#key, this.#index?.name)
    const part = partitionRange(range, this.#key.sort.length, isForward, startKey)
    return { at, part, hash: part.hash }
  }

  #readPart({ part, hash }: Place, limit: number): Page {
    const { where } = this.#statement
    const { isForward } = this.#plan
    const selection = this.#selection
    const page = readPage({
      cursor: part.open(this.#source.entries),
      isForward,
      isPast: (entry) => part.isPast(entry),
      limit,
      visible: (item) => selection.visible(item),
      filter: where,
    })
    this.#items.push(...page.items.map((item) => pickColumns(this.#columns, item)))
    const { isConsistent } = this.#options
    const read = { table: this.#table, index: this.#index, selection, isConsistent, hash }
    this.#charges.push(...readCharges(read, page))
    return page
  }

  #pageUntil(next: PageStart | undefined): SelectedPage {
    return {
      items: this.#items,
      charges: this.#charges,
      next: next && { token: writeNextToken(next, this.#sourceName), key: next.Key },
    }
  }
}
