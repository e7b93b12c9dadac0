/** How often a property is tried, and from where its random cases start. */
export interface PropertyRuns {
  readonly numRuns: number
  readonly seed: number
}

const defaultSeed = 20_261_125

/**
 * The runs of a property test: the same cases every time, unless the environment asks for others.
 *
 * `DYNAKIT_PROPERTY_RUNS=20` multiplies the number of runs by 20; `DYNAKIT_PROPERTY_SEED=7` starts elsewhere.
 */
export function propertyRuns(runs: number): PropertyRuns {
  const { DYNAKIT_PROPERTY_RUNS: factor = '1', DYNAKIT_PROPERTY_SEED: seed } = process.env
  return { numRuns: Math.ceil(runs * Number(factor)), seed: seed === undefined ? defaultSeed : Number(seed) }
}
