import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { root, runNode } from './scratch.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'dynakit-layers-'))
const source = path.join(folder, 'packages/dynakit/src')

/** Checks a made-up source tree by the project's own rules. */
function violations(files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(source, name)), { recursive: true })
    writeFileSync(path.join(source, name), text)
  }
  const command = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  return runNode([command, '--config', '.dependency-cruiser.js', 'packages/dynakit/src'], folder).output
}

beforeEach(() => {
  rmSync(folder, { recursive: true })
  mkdirSync(source, { recursive: true })
  for (const name of ['.dependency-cruiser.js', 'layers.js'])
    cpSync(path.join(root, name), path.join(folder, name))
  writeFileSync(
    path.join(folder, 'package.json'),
    '{ "type": "module", "dependencies": { "lodash": "*", "commander": "*" } }',
  )
  for (const name of ['lodash', 'commander']) {
    const place = path.join(folder, 'node_modules', name)
    mkdirSync(place, { recursive: true })
    writeFileSync(path.join(place, 'package.json'), `{ "name": "${name}", "main": "index.js" }`)
    writeFileSync(path.join(place, 'index.js'), '')
  }
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

test('a downward import is fine', () => {
  const output = violations({ 'planner/a.ts': "import '../codec/b.ts'", 'codec/b.ts': 'export const b = 1' })
  expect(output).toContain('no dependency violations found (2 modules, 1 dependencies cruised)')
})

test('the command line may import its parser', () => {
  expect(violations({ 'cli/a.ts': "import 'commander'" })).toContain('no dependency violations found')
})

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['an upward arrow', { 'codec/a.ts': "import '../planner/b.ts'", 'planner/b.ts': '' }, 'upward-from-codec'],
  [
    'an upward arrow of types only',
    {
      'codec/a.ts': "import type { B } from '../adapter/b.ts'\nexport type A = B",
      'adapter/b.ts': 'export type B = 1',
    },
    'upward-from-codec',
  ],
  [
    'a cycle within a layer',
    { 'codec/a.ts': "import './b.ts'", 'codec/b.ts': "import './a.ts'" },
    'no-cycles',
  ],
  [
    'an import of the public face',
    { 'cli/a.ts': "import '../index.ts'", 'index.ts': '' },
    'index-is-the-top',
  ],
  ['a second door to AWS', { 'adapter/a.ts': "import '@aws-sdk/client-dynamodb'" }, 'one-door-to-aws'],
  ['a runtime dependency', { 'codec/a.ts': "import 'lodash'" }, 'no-runtime-dependencies'],
  ['the command line’s parser elsewhere', { 'codec/a.ts': "import 'commander'" }, 'no-runtime-dependencies'],
  ['another dependency of the command line', { 'cli/a.ts': "import 'lodash'" }, 'packages-of-cli'],
  ['an import that leads nowhere', { 'codec/a.ts': "import './gone.ts'" }, 'leads-somewhere'],
  [
    'siblings among the plugins',
    { 'plugins/retry/a.ts': "import '../logging/b.ts'", 'plugins/logging/b.ts': '' },
    'siblings-of-plugins',
  ],
  [
    'a folder that is no layer',
    { 'planner/a.ts': "import '../utils/b.ts'", 'utils/b.ts': '' },
    'known-layers-only',
  ],
])('%s is refused', (_name, files, rule) => {
  expect(violations(files)).toContain(`error ${rule}`)
})

test('the picture in docs/architecture.md shows the layers as they are', async () => {
  const { layerPicture, withPicture } = (await import(path.join(root, 'scripts/layer-picture.js'))) as {
    readonly layerPicture: () => Promise<string>
    readonly withPicture: (text: string, picture: string) => string
  }
  const text = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8')
  // When this fails: node scripts/layer-picture.js --write
  expect(withPicture(text, await layerPicture())).toBe(text)
})
