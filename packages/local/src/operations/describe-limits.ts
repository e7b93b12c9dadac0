/** The quotas of a new account in most regions. */
const quotas = {
  AccountMaxReadCapacityUnits: 80_000,
  AccountMaxWriteCapacityUnits: 80_000,
  TableMaxReadCapacityUnits: 40_000,
  TableMaxWriteCapacityUnits: 40_000,
}

/**
 * Describes the capacity quotas of the account.
 *
 * @internal
 */
export function describeLimits(): object {
  return quotas
}
