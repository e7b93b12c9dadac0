/** A series of measurements in three numbers. */
export interface Summary {
  readonly median: number
  readonly lowest: number
  readonly highest: number
}

/** Summarizes measurements. */
export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = (sorted.length - 1) / 2
  const below = sorted[Math.floor(middle)] ?? NaN
  const above = sorted[Math.ceil(middle)] ?? NaN
  return { median: (below + above) / 2, lowest: sorted[0] ?? NaN, highest: sorted.at(-1) ?? NaN }
}

/**
 * Compares two series taken side by side: each measurement with the one of the same round, because what
 * slows the machine down slows both.
 */
export function ratio(values: readonly number[], base: readonly number[]): Summary {
  return summarize(values.map((value, round) => value / (base[round] ?? NaN)))
}
