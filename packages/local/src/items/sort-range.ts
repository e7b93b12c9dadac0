import type { SortCondition } from '../expressions/match-key-conditions.ts'
import { joinSortTexts, sortText, type SortTexts } from '../storage/sort-text.ts'
import type { AttributeValue } from '../values/attribute-value.ts'

/** A part of a partition that lies together: what sort keys come before it, and what after. */
export interface SortRange {
  /** Whether a sort key, as sort text, comes before the range. */
  isBefore(sort: string): boolean
  /** Whether a sort key, as sort text, comes after the range. */
  isAfter(sort: string): boolean
}

/** The whole partition. */
const everything: SortRange = { isBefore: () => false, isAfter: () => false }

/**
 * Finds which part of a partition the conditions on its sort key mean.
 *
 * @param conditions - Conditions on the first attributes of the sort key; all but the last are equalities.
 * @param attributes - How many attributes the sort key has.
 * @internal
 */
export function sortRange(conditions: readonly SortCondition[], attributes: number): SortRange {
  const last = conditions.at(-1)
  if (last === undefined) return everything
  const texts = joinSortTexts(attributes)
  const start = conditions
    .slice(0, -1)
    .map(({ values }) => texts.whole(textOf(values[0])))
    .join('')
  return rangeOf(last, start, texts)
}

function rangeOf({ operator, values }: SortCondition, start: string, texts: SortTexts): SortRange {
  const first = textOf(values[0])
  const from = start + texts.whole(first)
  const behind = start + texts.behind(first)
  const isElsewhere = (sort: string): boolean => sort > start && !sort.startsWith(start)
  switch (operator) {
    case '=':
      return { isBefore: (sort) => sort < from, isAfter: (sort) => sort >= behind }
    case '<':
      return { isBefore: (sort) => sort < start, isAfter: (sort) => sort >= from }
    case '<=':
      return { isBefore: (sort) => sort < start, isAfter: (sort) => sort >= behind }
    case '>':
      return { isBefore: (sort) => sort < behind, isAfter: isElsewhere }
    case '>=':
      return { isBefore: (sort) => sort < from, isAfter: isElsewhere }
    case 'BETWEEN': {
      const end = start + texts.behind(textOf(values[1]))
      return { isBefore: (sort) => sort < from, isAfter: (sort) => sort >= end }
    }
    case 'begins_with': {
      const prefix = start + texts.part(first)
      return {
        isBefore: (sort) => sort < prefix,
        isAfter: (sort) => sort > prefix && !sort.startsWith(prefix),
      }
    }
  }
}

function textOf(value: AttributeValue | undefined): string {
  return value === undefined ? '' : sortText(value)
}
