import type { TableDefinition } from './table-definition.ts'

const day = 86_400_000
/** The latest time a table can be restored to is some minutes ago. */
const restoreLag = 300_000

/**
 * Describes whether a table can be restored to an earlier time, and to which.
 *
 * @param table - The table.
 * @param now - The time.
 * @internal
 */
export function describeContinuousBackups({ recovery }: TableDefinition, now: number): object {
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription:
        recovery === undefined
          ? { PointInTimeRecoveryStatus: 'DISABLED' }
          : {
              PointInTimeRecoveryStatus: 'ENABLED',
              RecoveryPeriodInDays: recovery.days,
              EarliestRestorableDateTime: Math.max(recovery.since, now - recovery.days * day) / 1000,
              LatestRestorableDateTime: Math.max(recovery.since, now - restoreLag) / 1000,
            },
    },
  }
}
