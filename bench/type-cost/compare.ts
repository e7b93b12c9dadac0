import { type CompilerVersion, compilers, measure, perEntity } from './measure.ts'
import type { Library } from './models.ts'

/** What the types of one model cost one compiler. */
export interface TypeCostRow {
  readonly version: CompilerVersion
  readonly library: Library
  readonly entities: number
  readonly instantiations: number
  /** Seconds the checker took. */
  readonly checkTime: number
  /** Instantiations each entity after the first adds. */
  readonly perEntity: number | undefined
}

const libraries: readonly Library[] = ['dynakit', 'electrodb', 'dynamodb-toolbox']
const sizes = [1, 20, 60]

/** Type-checks the same models in every library, in several sizes and with every compiler. */
export function compareTypeCosts(onRow: (row: TypeCostRow) => void = () => undefined): TypeCostRow[] {
  const rows: TypeCostRow[] = []
  for (const version of Object.keys(compilers) as CompilerVersion[]) {
    for (const library of libraries) {
      const costs = sizes.map((size) => measure(library, size, version))
      for (const [at, cost] of costs.entries()) {
        const first = costs[0] ?? cost
        const entities = sizes[at] ?? 1
        const each = at === 0 ? undefined : perEntity(first, cost, entities - 1).instantiations
        const row = { version, library, entities, ...cost, perEntity: each }
        rows.push(row)
        onRow(row)
      }
    }
  }
  return rows
}
