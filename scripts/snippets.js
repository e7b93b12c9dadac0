/**
 * Finds the TypeScript snippets of the documentation: fences in Markdown files and in the doc comments of
 * the sources. Each is a program of its own. Those after `<!-- run -->` are also run by the tests.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const fence = /(<!-- run -->\s*)?```ts\n([\s\S]*?)```/g

/** @returns {{ place: string, code: string, isRun: boolean }[]} */
export function collectSnippets() {
  return [...markdownFiles().flatMap(markdownSnippets), ...sourceFiles().flatMap(docSnippets)]
}

function markdownFiles() {
  const documents = readdirSync(path.join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
  return ['README.md', 'packages/local/README.md', ...documents]
}

function sourceFiles() {
  const source = 'packages/dynakit/src'
  return readdirSync(path.join(root, source), { recursive: true })
    .filter((name) => name.endsWith('.ts') && !/\.test(-d)?\.ts$/.test(name))
    .map((name) => `${source}/${name}`)
}

function markdownSnippets(file) {
  return [...read(file).matchAll(fence)].map((match, at) => ({
    place: `${file}, snippet ${at + 1}`,
    code: match[2],
    isRun: match[1] !== undefined,
  }))
}

function docSnippets(file) {
  const comments = read(file).match(/\/\*\*[\s\S]*?\*\//g) ?? []
  return comments
    .map((comment) => comment.replace(/^\s*\* ?/gm, ''))
    .flatMap((comment) => [...comment.matchAll(fence)])
    .map((match, at) => ({ place: `${file}, example ${at + 1}`, code: match[2], isRun: false }))
}

function read(file) {
  return readFileSync(path.join(root, file), 'utf8')
}
