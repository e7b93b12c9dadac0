import { ValidationError } from '../errors/request-errors.ts'

/** A parsed document path: attribute name first, then member names and list positions. */
export interface Path {
  /** The path as written. */
  readonly text: string
  /** Attribute name, member names (`string`) and list positions (`number`). */
  readonly segments: readonly [string, ...(string | number)[]]
  /** True for `size(path)`. */
  readonly isSize: boolean
}

const cache = new Map<string, Path>()
const maximumCached = 2000

/**
 * Parses a document path such as `address.city`, `lines[0].sku` or `size(labels)`.
 *
 * A backslash takes the character after it as it is, for names with dots or brackets: `a\\.b`.
 *
 * @param text - The path.
 * @returns Its segments.
 * @throws ValidationError when the path is malformed.
 * @internal
 */
export function parsePath(text: string): Path {
  const known = cache.get(text)
  if (known) return known
  const path = parse(text)
  if (cache.size >= maximumCached) cache.clear()
  cache.set(text, path)
  return path
}

const namePattern = /(?:\\[\s\S]|[^.[\]\\])+/y
const positionPattern = /\[(\d{1,9})\]/y

function parse(text: string): Path {
  const size = /^size\((.*)\)$/s.exec(text)
  const inner = size?.[1] ?? text
  const segments: [string, ...(string | number)[]] = [readName(inner, 0, text).name]
  let at = readName(inner, 0, text).end
  while (at < inner.length) {
    if (inner[at] === '.') {
      const { name, end } = readName(inner, at + 1, text)
      segments.push(name)
      at = end
      continue
    }
    positionPattern.lastIndex = at
    const position = positionPattern.exec(inner) ?? malformed(text)
    segments.push(Number(position[1]))
    at = positionPattern.lastIndex
  }
  return Object.freeze({ text, segments: Object.freeze(segments), isSize: size !== null })
}

function readName(inner: string, at: number, text: string): { readonly name: string; readonly end: number } {
  namePattern.lastIndex = at
  const [escaped] = namePattern.exec(inner) ?? malformed(text)
  return { name: escaped.replace(/\\([\s\S])/g, '$1'), end: at + escaped.length }
}

function malformed(text: string): never {
  throw new ValidationError(
    `'${text}' is not a field path. Write it as in 'address.city' or 'lines[0].sku'; put a backslash before a dot or bracket that belongs to a name.`,
    { rule: 'path-syntax', field: text, valueType: 'string' },
  )
}

/**
 * Name of the attribute a path begins with.
 *
 * @internal
 */
export function rootOf(path: Path): string {
  return path.segments[0]
}

/**
 * Tells whether a path is an attribute itself, not something inside it.
 *
 * @internal
 */
export function isAttribute(path: Path): boolean {
  return path.segments.length === 1 && !path.isSize
}

/**
 * The path of an attribute by its stored name, whatever characters the name has.
 *
 * @internal
 */
export function attributePath(name: string): Path {
  return parsePath(escapeName(name))
}

/**
 * The path made of the first segments of another.
 *
 * @internal
 */
export function ancestorOf(path: Path, depth: number): Path {
  const text = path.segments.slice(0, depth).reduce<string>((joined, segment) => {
    if (typeof segment === 'number') return `${joined}[${String(segment)}]`
    return joined === '' ? escapeName(segment) : `${joined}.${escapeName(segment)}`
  }, '')
  return parsePath(text)
}

function escapeName(name: string): string {
  return name.replace(/[.[\]()\\]/g, '\\$&')
}
