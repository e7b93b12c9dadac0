import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root, runNode } from './scratch.ts'

const examples = readdirSync(path.join(root, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
  .map(({ name }) => name)

test.each(examples)('the example %s runs', (name) => {
  const result = runNode(['--no-warnings', '--import', 'tsx', 'scripts/run-example.js', name], root)
  expect(result).toMatchObject({ isOk: true })
  expect(result.output).not.toBe('')
})
