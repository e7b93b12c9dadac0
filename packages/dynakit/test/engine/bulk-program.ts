import { createAdapter, exportFile, importFile } from '../../src/index.ts'

/** Imports or exports a file, and says how far it is: run by a test that kills it. */
const [job = '', path = '', table = '', config = '{}', concurrency = '4'] = process.argv.slice(2)
const db = createAdapter({ ...(JSON.parse(config) as object), capacityDetail: 'total' })
const rss = (): number => Math.round(process.memoryUsage.rss() / 1e6)
const say = (message: object): void => {
  process.stdout.write(`${JSON.stringify({ ...message, rss: rss() })}\n`)
}

if (job === 'import') {
  const onCheckpoint = (position: number): void => {
    say({ position })
  }
  say(await importFile(db.table(table), path, { concurrency: Number(concurrency), onCheckpoint }))
} else {
  const query = db.table(table).query().allowScan({ segments: 4 }).pageSize(200)
  const onProgress = ({ items }: { readonly items: number }): void => {
    say({ position: items })
  }
  say(await exportFile(query, path, { onProgress }))
}
await db.close()
