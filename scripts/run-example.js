/** Runs one of the examples: npm run example connections */
import { existsSync, readdirSync } from 'node:fs'

const folder = new URL('../examples/', import.meta.url)
const name = process.argv[2] ?? ''
const main = new URL(`${name}/main.ts`, folder)
if (name === '' || !existsSync(main)) {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  console.error(`Which example? One of: ${names.map((entry) => entry.name).join(', ')}`)
  process.exit(1)
}
await import(main)
