import { attributeMap } from '../items/item-shapes.ts'
import { validationError } from '../protocol/service-error.ts'
import { readInput } from '../validation/read-input.ts'
import { integer, required, string, structure, type Shape } from '../validation/shape.ts'
import type { Item } from '../values/attribute-value.ts'

/** Where a page of a SELECT starts. */
export interface PageStart {
  /** In which of its partitions. */
  readonly Partition: number
  /** After which key; undefined for the beginning. */
  readonly Key?: Item | undefined
}

const shape: Shape<PageStart & { readonly Source: string }> = structure({
  Source: required(string()),
  Partition: required(integer({ minimum: 0 })),
  Key: attributeMap,
})

/**
 * Writes where the next page starts.
 *
 * @param start - Where.
 * @param source - What is read: a token is of no use for anything else.
 * @internal
 */
export function writeNextToken(start: PageStart, source: string): string {
  return Buffer.from(JSON.stringify({ Source: source, ...start })).toString('base64')
}

/**
 * Reads where a page starts, and does something with it.
 *
 * @param token - `NextToken`; undefined for the first page.
 * @param source - What is read.
 * @param use - Finds the place.
 * @returns What that gives.
 * @throws ServiceError when there is no such place.
 * @internal
 */
export function readNextToken<Place>(
  token: string | undefined,
  source: string,
  use: (start: PageStart) => Place,
): Place {
  if (token === undefined) return use({ Partition: 0 })
  try {
    const start = readInput(shape, JSON.parse(Buffer.from(token, 'base64').toString()))
    if (start.Source === source) return use(start)
  } catch {
    // Whatever is wrong with it, it is no token.
  }
  throw validationError('Invalid NextToken')
}
