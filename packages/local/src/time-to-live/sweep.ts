import type { OperationContext } from '../engine/operation-context.ts'
import { keyOf } from '../items/locate-item.ts'
import type { TableStore } from '../storage/table-store.ts'
import { expiriesOf, type Expiry, nextSweep } from './expiries.ts'

/** Items whose time lies this far back when they are written are not deleted. */
const longestPast = 5 * 365 * 24 * 3_600_000

/**
 * Deletes the items whose time to live has passed, a while after it has, as DynamoDB does.
 *
 * @param context - The database, and who is told of what is deleted.
 * @param expiryDelay - How long after its time an item is deleted, in milliseconds.
 * @internal
 */
export function sweepExpired(
  context: Pick<OperationContext, 'database' | 'clock' | 'delays' | 'changed'>,
  expiryDelay: number,
): void {
  const { database, clock, delays } = context
  const now = clock.now()
  if (now < nextSweep(database)) return
  const expiries = expiriesOf(database)
  let next = expiries.firstAfter(now) + expiryDelay
  for (const table of database.tables.values()) {
    const { timeToLive } = table.definition
    if (timeToLive === undefined) continue
    const effective = timeToLive.changedAt + delays.timeToLive
    for (const expiry of expiries.upTo(table.definition, now)) {
      if (expiry.since - expiry.at >= longestPast) continue
      const due = Math.max(expiry.at, expiry.since, effective) + expiryDelay
      if (due <= now) remove(context, table, expiry)
      else next = Math.min(next, due)
    }
  }
  // Telling of the changes has taken the items out.
  expiries.nextSweep = next
}

function remove(
  { database, changed }: Pick<OperationContext, 'database' | 'changed'>,
  { definition }: TableStore,
  { item: position }: Expiry,
): void {
  const table = database.tableForWrite(definition.name)
  const write = table.plan(position, undefined)
  if (write.before === undefined) return
  table.apply(write)
  changed({
    table: definition,
    key: keyOf(definition.key, write.before.item),
    before: write.before,
    after: undefined,
    byTimeToLive: true,
  })
}
