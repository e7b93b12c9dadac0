import type { Condition } from '../expressions/condition.ts'
import { visibilityOf } from '../planner/visibility.ts'
import type { GetOptions } from './read-options.ts'
import type { TableSource } from './table-repository.ts'

const everything: readonly Condition[] = Object.freeze([])

/**
 * Tells which items of a table a read must not show.
 *
 * @param source - The table; its time to live is read from DynamoDB once when it is not declared.
 * @param options - What the caller said.
 * @returns Conditions that are true of the others.
 * @throws ValidationError when the table has no time to live.
 * @internal
 */
export async function tableVisibility(
  source: TableSource,
  options: Pick<GetOptions, 'excludeExpired'> | undefined,
): Promise<readonly Condition[]> {
  if (options?.excludeExpired !== true) return everything
  return visibilityOf(await source.load(true), [], { excludeExpired: true }, new Date())
}
