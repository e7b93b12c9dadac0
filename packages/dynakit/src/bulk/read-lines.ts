import { ValidationError } from '../errors/request-errors.ts'

/** What text can come from: a file stream, the body of an answer, pieces of text. */
export type TextSource = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>

/** An item has at most 400 KB, and JSON makes up to six of one byte; the rest is room. */
const longestLine = 16 * 1024 * 1024

/**
 * Takes text apart into lines; holds no more than one piece and the line that is not complete.
 *
 * @param source - Pieces of text, or of UTF-8, cut anywhere.
 * @returns The lines without their ends; empty ones are left out.
 * @throws ValidationError for a line that cannot be an item, because it is too long.
 * @internal
 */
export async function* readLines(source: TextSource): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of source) {
    rest += typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true })
    if (!rest.includes('\n')) {
      refuseTooLong(rest)
      continue
    }
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') yield line
  }
  rest += decoder.decode()
  if (rest.trim() !== '') yield rest
}

function refuseTooLong(line: string): void {
  if (line.length <= longestLine) return
  throw new ValidationError('a line is longer than an item can be. Give one item per line.', {
    rule: 'import-line',
  })
}
