import { transformSync } from 'esbuild'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as dynakit from 'dynakit'
import { compilers, consumerConfig, makeScratch, root, runNode, type Scratch } from './scratch.ts'

interface Snippet {
  readonly place: string
  readonly code: string
  readonly isRun: boolean
}

const { collectSnippets } = (await import(path.join(root, 'scripts/snippets.js'))) as {
  readonly collectSnippets: () => readonly Snippet[]
}
const snippets = collectSnippets()

let scratch: Scratch
beforeAll(() => {
  scratch = makeScratch()
  scratch.write('package.json', '{ "type": "module" }')
  scratch.link(
    'zod',
    '@types/node',
    'undici-types',
    '@aws-sdk/client-dynamodb',
    'dynakit-local',
    'tslib',
    'vitest',
  )
})
afterAll(() => {
  scratch.remove()
})

test('every snippet compiles against the built package', () => {
  expect(snippets.length).toBeGreaterThan(20)
  const names = snippets.map(({ code }, at) => {
    const name = `snippet${String(at)}.ts`
    scratch.write(name, `${code}\nexport {}\n`)
    return name
  })
  scratch.write('tsconfig.json', consumerConfig({ skipLibCheck: true }, names))
  const { output } = runNode([compilers['6.0'] ?? '', '-p', scratch.folder], scratch.folder)
  const named = output.replace(/snippet(\d+)\.ts/g, (_, at: string) => snippets[Number(at)]?.place ?? '')
  expect(named).toBe('')
})

describe('snippets marked to be run do so on an engine', () => {
  test.each(snippets.filter(({ isRun }) => isRun).map((snippet) => [snippet.place, snippet] as const))(
    '%s',
    (_place, { code }) => {
      const { code: script } = transformSync(code, { loader: 'ts', format: 'esm' })
      scratch.write('run.mjs', script)
      const result = runNode(['--no-warnings', 'run.mjs'], scratch.folder)
      expect(result).toMatchObject({ isOk: true })
      expect(result.output).not.toBe('')
    },
  )
})

test('every error class has an entry in docs/errors.md', () => {
  const page = readFileSync(path.join(root, 'docs/errors.md'), 'utf8')
  const classes = Object.values(dynakit).filter(
    (value): value is typeof dynakit.DynamoDBError => typeof value === 'function' && 'kind' in value,
  )
  const codes = classes.map(({ kind }) => (kind === 'DynamoDBError' ? kind : kind.replace(/Error$/, '')))
  const described = [...page.matchAll(/^\| `(\w+)`/gm)].map(([, code]) => code)
  expect(classes.length).toBeGreaterThan(20)
  expect([...new Set(described)].sort()).toEqual([...new Set(codes)].sort())
})

test('every export has a doc comment', () => {
  const missing: string[] = []
  const source = path.join(root, 'packages/dynakit/src')
  for (const name of readdirSync(source, { recursive: true }) as string[]) {
    if (!name.endsWith('.ts') || /\.test(-d)?\.ts$|(^|\/)index\.ts$/.test(name)) continue
    const text = readFileSync(path.join(source, name), 'utf8')
    for (const match of text.matchAll(
      /^export (?:async |declare )?(?:function\*?|class|const|interface|type|abstract class) ?\*? ?(\w+)/gm,
    )) {
      const before = text.slice(0, match.index).trimEnd()
      const isOverload =
        !before.endsWith('}') && new RegExp(`export function ${match[1] ?? ''}\\b`).test(before)
      const hasComment = before.endsWith('*/') || /\*\/\n(\/\/[^\n]*\n?)+$/.test(before)
      if (!hasComment && !isOverload) missing.push(`${name}: ${match[1] ?? ''}`)
    }
  }
  expect(missing).toEqual([])
})
