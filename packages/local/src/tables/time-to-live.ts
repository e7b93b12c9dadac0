import type { OperationContext } from '../engine/operation-context.ts'
import type { TableDefinition } from './table-definition.ts'

/** What a table's time to live is going through. */
export type TimeToLiveStatus = 'ENABLING' | 'DISABLING' | 'ENABLED' | 'DISABLED'

/**
 * Tells what a table's time to live is going through.
 *
 * @param table - The table.
 * @param context - The time, and how long changes take.
 * @internal
 */
export function timeToLiveStatus(
  { timeToLive, formerTimeToLive }: TableDefinition,
  { clock, delays }: Pick<OperationContext, 'clock' | 'delays'>,
): TimeToLiveStatus {
  const isRecent = (setting: { readonly changedAt: number } | undefined): boolean =>
    setting !== undefined && clock.now() < setting.changedAt + delays.timeToLive
  if (timeToLive !== undefined) return isRecent(timeToLive) ? 'ENABLING' : 'ENABLED'
  return isRecent(formerTimeToLive) ? 'DISABLING' : 'DISABLED'
}
