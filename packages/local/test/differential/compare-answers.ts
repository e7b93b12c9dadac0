import { normalizeNumber } from '../../src/values/number.ts'
import type { Answer, Ask } from './oracle.ts'
import type { Request } from './random-requests.ts'
import type { Key } from './random-schema.ts'

type Json = Readonly<Record<string, unknown>>

/** Sends a request, and when it has pages follows them; the pages' items are put together. */
export async function answerOf(ask: Ask, { operation, input, isPaged = false }: Request): Promise<Answer> {
  const first = await ask(operation, input)
  if (!isPaged || first.output === undefined) return first
  const pages = [first.output]
  for (let last = first.output.LastEvaluatedKey; last !== undefined; last = pages.at(-1)!.LastEvaluatedKey) {
    const next = await ask(operation, { ...input, ExclusiveStartKey: last })
    if (next.output === undefined) return next
    pages.push(next.output)
  }
  const items = pages.some(({ Items }) => Items !== undefined)
  return {
    output: {
      ...(items && { Items: pages.flatMap(({ Items }) => Items as Json[]) }),
      Count: sum(pages, 'Count'),
      ScannedCount: sum(pages, 'ScannedCount'),
      Pages: pages.length,
    },
  }
}

function sum(pages: readonly Json[], member: string): number {
  return pages.reduce((total, page) => total + Number(page[member]), 0)
}

/**
 * Writes an answer so that two that mean the same are written alike: members in order, sets in order, items that
 * have no order in order, errors by their name.
 */
export function canonical({ order }: Request, answer: Answer): string {
  if (answer.error !== undefined) return `error ${answer.error.name}`
  const { Items, Responses, UnprocessedKeys, ...rest } = answer.output
  const items = Array.isArray(Items)
    ? order === undefined
      ? sorted(Items)
      : inOrder(Items as Json[], order)
    : Items
  return JSON.stringify(
    ordered({
      ...rest,
      ...(items !== undefined && { Items: items }),
      ...(Responses !== undefined && { Responses: responses(Responses) }),
      ...(UnprocessedKeys !== undefined && { UnprocessedKeys }),
    }),
  )
}

function responses(value: unknown): unknown {
  if (Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value as Json).map(([table, items]) => [table, sorted(items as unknown[])]),
  )
}

function sorted(values: readonly unknown[]): unknown[] {
  return values.map((value) => JSON.stringify(ordered(value))).sort()
}

/** Items with the same sort key come in any order. */
function inOrder(items: readonly Json[], { sort }: Key): unknown[] {
  const groups: Json[][] = []
  let last: string | undefined
  for (const item of items) {
    const key = JSON.stringify(sort.map(({ name }) => item[name]))
    if (key === last) groups.at(-1)!.push(item)
    else groups.push([item])
    last = key
  }
  return groups.map(sorted)
}

/** DynamoDB Local gives numbers inside of lists and maps back as they were written. */
function ordered(value: unknown, name?: string): unknown {
  if (name === 'N' && typeof value === 'string') return normalizeNumber(value)
  if (Array.isArray(value)) return value.map((member) => ordered(member))
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, member]) => [
      name,
      isSet(name, member) ? setOf(name, member as string[]) : ordered(member, name),
    ])
  return Object.fromEntries(members)
}

function setOf(name: string, members: readonly string[]): string[] {
  return (name === 'NS' ? members.map(normalizeNumber) : [...members]).sort()
}

function isSet(name: string, member: unknown): boolean {
  return (
    (name === 'SS' || name === 'NS' || name === 'BS') &&
    Array.isArray(member) &&
    typeof member[0] === 'string'
  )
}
