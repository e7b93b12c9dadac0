import type { OperationSettings } from './operation.ts'

/**
 * Writes the members of a batch as DynamoDB's API has them: by table.
 *
 * @param members - What is asked for, of any tables.
 * @param toWire - Writes one member.
 * @param close - Writes the members of one table.
 * @param settings - The prefix of table names.
 * @returns The members by full table name, in the order they were given.
 * @internal
 */
export function groupByTable<Member extends { readonly tableName: string }, Wire>(
  members: readonly Member[],
  toWire: (member: Member) => Wire,
  close: (written: readonly Wire[]) => unknown,
  settings: OperationSettings,
): Readonly<Record<string, unknown>> {
  const tables = new Map<string, Wire[]>()
  for (const member of members) {
    const written = tables.get(member.tableName)
    if (written) written.push(toWire(member))
    else tables.set(member.tableName, [toWire(member)])
  }
  return Object.fromEntries(
    Array.from(tables, ([name, written]) => [settings.tablePrefix + name, close(written)]),
  )
}
