/** Puts the README and the licence, which stand at the root, into the package that is packed. */
import { copyFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

for (const name of ['README.md', 'LICENSE']) {
  const from = new URL(`../${name}`, import.meta.url)
  copyFileSync(fileURLToPath(from), fileURLToPath(new URL(`../packages/dynakit/${name}`, import.meta.url)))
}
