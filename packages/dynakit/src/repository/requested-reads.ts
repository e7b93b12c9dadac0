import type { NativeItem } from '../codec/native-value.ts'
import { remainderOf, throwIncomplete } from '../execution/batch-ending.ts'
import type { BatchGetOptions, WithPartial } from '../execution/batch-options.ts'
import type { Executor } from '../execution/executor.ts'
import { type ReadMember, readMembers } from '../execution/read-batch.ts'
import type { Condition } from '../expressions/condition.ts'
import { planMembers } from '../planner/batch-members.ts'
import { entityVisibility, isVisible } from '../planner/visibility.ts'
import type { AppItem } from '../schema/compiled-entity.ts'
import { fromStored, isOther, storedKey } from '../schema/entity-item.ts'
import { type BatchGetRequest, isGetRequest, noRequest } from './batch-requests.ts'
import type { BatchGetResult } from './batch-results.ts'
import { RequestedTables, type TableSources } from './requested-tables.ts'
import { tableVisibility } from './table-visibility.ts'

/** Makes of a stored item what the caller gets. */
type Decode = (item: NativeItem) => unknown

/**
 * Reads items of any entities and tables by their keys.
 *
 * @param sources - How to learn of tables.
 * @returns The item of each request, in their order, and what is left.
 * @internal
 */
export async function getRequested(
  executor: Executor,
  sources: TableSources,
  requests: readonly BatchGetRequest[],
  options: WithPartial<BatchGetOptions> | undefined,
): Promise<BatchGetResult<unknown, BatchGetRequest>> {
  const call = executor.start(options)
  const tables = new RequestedTables(sources)
  const planned = planMembers(requests, 'requests', (request) => {
    if (!isGetRequest(request)) throw noRequest(request, '{ entity, key } or { table, key }')
    tables.declare(request)
    return toMember(request, tables)
  })
  const members = planned instanceof Promise ? await planned : planned
  const decoders = await decodersOf(requests, tables, options)
  const list = { name: 'requests', members } as const
  const { items, outcome } = await readMembers(executor, list, { ...options, partial: undefined }, call)
  if (options?.partial !== true) throwIncomplete(outcome)
  const decoded = items.map((item, at) => item && decoders[at]?.(item))
  return { ...remainderOf<BatchGetRequest>(outcome), items: decoded }
}

function toMember(request: BatchGetRequest, tables: RequestedTables): ReadMember | Promise<ReadMember> {
  const { entity, key } = request
  const toRead = (stored: NativeItem): ReadMember => ({
    shape: tables.shapeOfKey(request, stored),
    key: stored,
    given: request,
  })
  if (!entity) return toRead(key)
  const stored = storedKey(entity['~compiled'], key as AppItem)
  return stored instanceof Promise ? stored.then(toRead) : toRead(stored)
}

/** One for each entity and table, however often they are asked for. */
async function decodersOf(
  requests: readonly BatchGetRequest[],
  tables: RequestedTables,
  options: WithPartial<BatchGetOptions> | undefined,
): Promise<readonly Decode[]> {
  const known = new Map<unknown, Decode>()
  const decoders: Decode[] = []
  for (const request of requests) {
    const of = request.entity ?? request.table
    let decode = known.get(of)
    if (!decode) {
      decode = request.entity
        ? entityDecoder(request, options)
        : tableDecoder(await tableVisibility(tables.sourceOf(request), options))
      known.set(of, decode)
    }
    decoders.push(decode)
  }
  return decoders
}

function tableDecoder(visibility: readonly Condition[]): Decode {
  return (item) => (isVisible(visibility, item) ? item : undefined)
}

function entityDecoder(
  { entity }: BatchGetRequest & { readonly entity: object },
  options: WithPartial<BatchGetOptions> | undefined,
): Decode {
  const compiled = entity['~compiled']
  const visibility = entityVisibility(compiled, options)
  return (item) =>
    isOther(compiled, item) || !isVisible(visibility, item) ? undefined : fromStored(compiled, item)
}
