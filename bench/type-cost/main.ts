import { type CompilerVersion, compilers, measure, perEntity } from './measure.ts'
import type { Library } from './models.ts'

const libraries: readonly Library[] = ['dynakit', 'electrodb', 'dynamodb-toolbox']
const sizes = [1, 20, 60]

console.log(
  '| TypeScript | library | entities | instantiations | check time (s) | instantiations per entity |',
)
console.log('|---|---|---|---|---|---|')
for (const version of Object.keys(compilers) as CompilerVersion[]) {
  for (const library of libraries) {
    const costs = sizes.map((size) => measure(library, size, version))
    for (const [at, cost] of costs.entries()) {
      const first = costs[0] ?? cost
      const each = at === 0 ? '' : String(perEntity(first, cost, (sizes[at] ?? 1) - 1).instantiations)
      console.log(
        `| ${version} | ${library} | ${String(sizes[at])} | ${String(cost.instantiations)} | ${cost.checkTime.toFixed(2)} | ${each} |`,
      )
    }
  }
}
