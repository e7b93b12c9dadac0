import type { KeySource } from '../schema/compiled-entity.ts'
import type { Branch } from './match-branches.ts'

/** What decides between keys and indexes that can all answer a query. */
export interface Rankable {
  readonly source: KeySource
  /** The reads it takes; none when no item can match. */
  readonly branches: readonly Branch[]
  /** Whether attributes must be read from the table as well. */
  readonly isCompleted: boolean
}

/** One rule of preference: more is better. */
interface Preference {
  readonly rank: (candidate: Rankable) => number
  /** Why the winner of this rule is preferred. */
  readonly because: string
}

const sourceRanks = { table: 2, local: 1, global: 0 } as const

/** Of several reads, the one that says least counts. */
const least = (rank: (branch: Branch) => number): Preference['rank'] => {
  return ({ branches }) => branches.reduce((lowest, branch) => Math.min(lowest, rank(branch)), Infinity)
}

/** The order of preference; see docs/architecture.md, "How the planner chooses". */
const preferences: readonly Preference[] = [
  { rank: least(({ match }) => (match.uniqueKey ? 1 : 0)), because: 'the chosen key identifies each item' },
  {
    rank: least(({ match }) => (match.partitionFields + match.fixedSortParts > 0 ? 1 : 0)),
    because: 'its partition key is the same for all items, so it reads more',
  },
  {
    rank: least(({ match }) => match.fixedSortParts),
    because: 'the chosen key fixes more of the sort key',
  },
  {
    rank: least(({ match }) => (match.sortNarrowing === 2 ? 1 : 0)),
    because: 'the chosen key uses a range of the sort key',
  },
  {
    rank: least(({ remaining }) => -remaining.length),
    because: 'the chosen key answers more of the conditions',
  },
  {
    rank: ({ isCompleted }) => (isCompleted ? 0 : 1),
    because: 'each item would be read from the table as well',
  },
  { rank: ({ branches }) => -branches.length, because: 'the chosen key needs fewer queries' },
  {
    rank: least(({ match }) => match.partitionFields),
    because: 'the chosen partition key is made of more fields',
  },
  {
    rank: least(({ match }) => match.sortNarrowing),
    because: 'the chosen sort key excludes other kinds of items',
  },
  { rank: ({ source }) => sourceRanks[source.type], because: "the table's own key is preferred to an index" },
]

/**
 * Orders candidates, the best first; equally good ones stay as they are.
 *
 * @internal
 */
export function comparePreference(left: Rankable, right: Rankable): number {
  const decisive = decisiveRule(left, right)
  return decisive ? decisive.rank(right) - decisive.rank(left) : 0
}

/**
 * Says why one candidate was preferred to another.
 *
 * @internal
 */
export function whyPreferred(best: Rankable | undefined, other: Rankable): string {
  const decisive = best && decisiveRule(best, other)
  return decisive?.because ?? 'it serves as well, and is declared later'
}

function decisiveRule(left: Rankable, right: Rankable): Preference | undefined {
  return preferences.find(({ rank }) => rank(left) !== rank(right))
}
