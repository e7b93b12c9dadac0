import type { NativeItem } from '../codec/native-value.ts'
import { remainderOf, throwIncomplete } from '../execution/batch-ending.ts'
import type { BatchOptions, WithPartial } from '../execution/batch-options.ts'
import type { Executor } from '../execution/executor.ts'
import { type WriteList, type WriteMember, writeMembers } from '../execution/write-batch.ts'
import { areAllThere, type Members, planMembers } from '../planner/batch-members.ts'
import type { KeyShape } from '../planner/key-shape.ts'
import type { AppItem, CompiledEntity } from '../schema/compiled-entity.ts'
import type { Entity } from '../schema/entity.ts'
import { storedKey } from '../schema/entity-item.ts'
import type { Table } from '../schema/table.ts'
import { type BatchWriteRequest, isWriteRequest, noRequest } from './batch-requests.ts'
import type { BatchWriteResult } from './batch-results.ts'
import { planBatchPut, refuseBatchDelete, refuseBatchPut } from './entity-batches.ts'
import { RequestedTables, type TableSources } from './requested-tables.ts'

/** A write, taken apart. */
interface Parts {
  readonly entity?: Entity | undefined
  readonly table?: string | Table | undefined
  readonly put?: object | undefined
  readonly delete?: object | undefined
}

/**
 * Stores and deletes items of any entities and tables.
 *
 * @param sources - How to learn of tables.
 * @param requests - The writes; an item that is none goes to the table `ownTable`, if there is one.
 * @returns What is left.
 * @internal
 */
export async function writeRequested(
  executor: Executor,
  sources: TableSources,
  requests: Members<BatchWriteRequest>,
  options: WithPartial<BatchOptions> | undefined,
  ownTable?: string | Table,
): Promise<BatchWriteResult<BatchWriteRequest>> {
  const call = executor.start(options)
  const toParts = (member: object): Parts => partsOf(member, ownTable)
  const tables = new RequestedTables(sources)
  const list = areAllThere(requests, 'requests')
    ? await listWrites(requests, tables)
    : lazyWrites(requests, tables, toParts)
  const outcome = await writeMembers(executor, list, { ...options, partial: undefined }, call)
  if (options?.partial !== true) throwIncomplete(outcome)
  return remainderOf(outcome)
}

function partsOf(member: object, ownTable: string | Table | undefined): Parts {
  if (isWriteRequest(member)) return member
  if (ownTable !== undefined) return { table: ownTable, put: member }
  throw noRequest(member, '{ entity, put }, { entity, delete }, { table, put } or { table, delete }')
}

async function listWrites(requests: readonly object[], tables: RequestedTables): Promise<WriteList> {
  const checked = planMembers(requests, 'requests', (member) => {
    const parts = partsOf(member, undefined)
    tables.declare(parts)
    return parts
  }) as readonly Parts[]
  // What is learned of a table holds for all of its writes.
  for (const parts of checked) if (!parts.entity && parts.put) await tables.load(parts)
  const now = Date.now()
  const planned = planMembers(checked, 'requests', (parts) =>
    toMember(parts, (key) => tables.shapeOfKey(parts, key), now),
  )
  const members = planned instanceof Promise ? await planned : planned
  return { name: 'requests', members: members.map((member, at) => ({ ...member, given: requests[at] })) }
}

function lazyWrites(
  requests: Members<object>,
  tables: RequestedTables,
  toParts: (member: object) => Parts,
): WriteList {
  return {
    name: 'requests',
    members: requests,
    toMember: (given) => {
      const parts = toParts(given)
      tables.declare(parts)
      const make = (shape: KeyShape): WriteMember | Promise<WriteMember> => {
        const member = toMember(parts, () => shape, Date.now())
        return member instanceof Promise ? member.then((late) => ({ ...late, given })) : { ...member, given }
      }
      const shape = tables.known(parts)
      return shape ? make(shape) : tables.load(parts).then(make)
    },
  }
}

function toMember(
  parts: Parts,
  shapeOf: (key: NativeItem) => KeyShape,
  now: number,
): WriteMember | Promise<WriteMember> {
  const { entity, put } = parts
  if (entity) return entityMember(entity['~compiled'], parts, shapeOf, now)
  if (put) return { shape: shapeOf({}), item: put as NativeItem, given: parts }
  const key = parts.delete as NativeItem
  return { shape: shapeOf(key), key, given: parts }
}

function entityMember(
  entity: CompiledEntity,
  parts: Parts,
  shapeOf: (key: NativeItem) => KeyShape,
  now: number,
): WriteMember | Promise<WriteMember> {
  const shape = shapeOf({})
  if (parts.put) {
    refuseBatchPut(entity)
    const planned = planBatchPut(entity, parts.put as AppItem, now)
    const finish = (item: NativeItem): WriteMember => ({ shape, item, given: parts })
    return planned instanceof Promise
      ? planned.then(({ plan }) => finish(plan.item))
      : finish(planned.plan.item)
  }
  refuseBatchDelete(entity)
  const key = storedKey(entity, parts.delete as AppItem)
  const finish = (stored: NativeItem): WriteMember => ({ shape, key: stored, given: parts })
  return key instanceof Promise ? key.then(finish) : finish(key)
}
