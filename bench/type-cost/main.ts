import { compareTypeCosts } from './compare.ts'

console.log(
  '| TypeScript | library | entities | instantiations | check time (s) | instantiations per entity |',
)
console.log('|---|---|---|---|---|---|')
compareTypeCosts(({ version, library, entities, instantiations, checkTime, perEntity }) => {
  const each = perEntity === undefined ? '' : String(perEntity)
  console.log(
    `| ${version} | ${library} | ${String(entities)} | ${String(instantiations)} | ${checkTime.toFixed(2)} | ${each} |`,
  )
})
