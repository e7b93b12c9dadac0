import { expect, test } from 'vitest'
import { type CompilerVersion, measure, perEntity } from '../../../../bench/type-cost/measure.ts'

/** Instantiations one more entity may cost: a tenth above what it costs today. */
const budget = 1850
const few = 1
const many = 20

test.each<CompilerVersion>(['5.9', '7.0'])(
  'an entity costs the compiler at most a third of ElectroDB, TypeScript %s',
  (version) => {
    const cost = (library: 'dynakit' | 'electrodb') => {
      const large = measure(library, many, version)
      return {
        each: perEntity(measure(library, few, version), large, many - few).instantiations,
        checkTime: large.checkTime,
      }
    }
    const ours = cost('dynakit')
    const theirs = cost('electrodb')
    expect(ours.each).toBeLessThanOrEqual(budget)
    expect(ours.each).toBeLessThanOrEqual(theirs.each / 3)
    // Check time depends on the machine; that it is the smaller one does not.
    expect(ours.checkTime).toBeLessThan(theirs.checkTime)
  },
)
