/**
 * Runs what a reviewer would, step by step, and says how long each took.
 *
 *   npm run check
 */
import { spawnSync } from 'node:child_process'

const steps = [
  ['format', 'prettier --check . --log-level warn'],
  ['lint', 'eslint . --max-warnings 0'],
  ['types', 'tsc -p . && tsc -p packages/dynakit && tsc -p packages/local'],
  [
    'layers',
    'depcruise --config .dependency-cruiser.js packages/dynakit/src packages/local/src --output-type err',
  ],
  ['unused code and dependencies', 'knip'],
  ['build', 'npm run build --silent'],
  ['api report', 'npm run api:check --silent'],
  ['size', 'npm run size --silent'],
  ['publint', 'publint packages/dynakit --strict && publint packages/local --strict'],
  [
    'are the types wrong',
    'attw --pack packages/dynakit --profile node16 --format ascii && attw --pack packages/local --profile node16 --format ascii',
  ],
]

let isOk = true
for (const [name, command] of steps) {
  const started = performance.now()
  const { status, stdout, stderr } = spawnSync(command, { shell: true, encoding: 'utf8' })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`)
  if (status === 0) continue
  isOk = false
  console.log(stdout + stderr)
}
process.exitCode = isOk ? 0 : 1
