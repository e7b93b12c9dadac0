/**
 * Bulk: items from a generator with a rate and progress, several entities at once, a loader, a table copied
 * through a file that survives a crash.
 *
 *   npm run example bulk
 */
import { createAdapter, defineEntity, defineTable, exportFile, importFile } from 'dynakit'
import { startLocalEngine } from 'dynakit/testing'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'

const Shop = defineTable({
  name: 'Shop',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
})
const Copy = defineTable({ ...Shop.options, name: 'ShopCopy' })
const Product = defineEntity({
  name: 'Product',
  table: Shop,
  attributes: { id: z.string(), name: z.string(), price: z.number() },
  key: { partitionKey: 'PRODUCT#{id}', sortKey: 'PRODUCT' },
})
const Review = defineEntity({
  name: 'Review',
  table: Shop,
  attributes: { productId: z.string(), author: z.string(), stars: z.number() },
  key: { partitionKey: 'PRODUCT#{productId}', sortKey: 'REVIEW#{author}' },
})

const engine = await startLocalEngine()
const db = createAdapter(engine.clientConfig)
await db.tables.create(Shop)
await db.tables.create(Copy)
const products = db.repository(Product)

console.log('Items of a generator, at most 1,000 write units per second:')
async function* catalogue(): AsyncGenerator<{ id: string; name: string; price: number }> {
  for (let n = 1; n <= 2000; n++) {
    if (n % 100 === 0) await Promise.resolve()
    yield { id: `p${String(n)}`, name: `Lamp ${String(n)}`, price: n }
  }
}
let next = 500
const { processedCount } = await products.putMany(catalogue(), {
  maxUnitsPerSecond: 1000,
  onProgress: ({ done, bytes, capacity, elapsed }) => {
    if (done < next) return
    next += 500
    console.log(
      `  ${String(done)} items, ${String(bytes)} bytes, ${String(capacity.writeUnits)} units after ${String(Math.round(elapsed))} ms`,
    )
  },
})
console.log(`  stored: ${String(processedCount)}`)

console.log('Several entities at once:')
await db.batchWrite([
  { entity: Review, put: { productId: 'p1', author: 'ada', stars: 5 } },
  { entity: Product, delete: { id: 'p2000' } },
])
const [lamp, review, gone] = await db.batchGet([
  { entity: Product, key: { id: 'p1' } },
  { entity: Review, key: { productId: 'p1', author: 'ada' } },
  { entity: Product, key: { id: 'p2000' } },
])
console.log(`  ${String(lamp?.name)} has ${String(review?.stars)} stars; p2000 is ${gone ? 'there' : 'gone'}`)

console.log('A loader: three reads, one request:')
const loader = products.loader()
const found = await Promise.all(['p7', 'p8', 'p7'].map((id) => loader.get({ id })))
console.log(`  ${found.map((product) => product?.name).join(', ')}`)

console.log('A table copied through a file:')
const folder = mkdtempSync(path.join(tmpdir(), 'bulk-example-'))
const file = path.join(folder, 'shop.jsonl')
const everything = db.table(Shop).query().allowScan({ segments: 4 })
const exported = await exportFile(everything, file)
console.log(`  ${String(exported.items)} items, ${String(exported.bytes)} bytes`)
const imported = await importFile(db.table(Copy), file)
const copied = await db.table(Copy).query().allowScan().count()
console.log(`  ${String(imported.written)} written, ${String(copied.count)} in the copy`)

rmSync(folder, { recursive: true })
await db.close()
await engine.stop()
