import type { PathSyntax } from './syntax.ts'
import type { TokenReader } from './token-reader.ts'

const maximumIndex = 2 ** 31 - 1

/**
 * Reads a document path: a name, then any number of `.name` and `[index]`.
 *
 * @param reader - Stands before the path.
 * @returns The path.
 * @throws ServiceError when there is none.
 * @internal
 */
export function parsePath(reader: TokenReader): PathSyntax {
  const elements: (string | number)[] = [parseName(reader)]
  for (;;) {
    if (reader.takeSymbol('.')) {
      elements.push(parseMember(reader))
    } else if (reader.takeSymbol('[')) {
      if (reader.next.type !== 'number') throw reader.unexpected()
      elements.push(parseIndex(reader.take().text))
      reader.expectSymbol(']')
    } else {
      return { type: 'path', elements }
    }
  }
}

/** An index no list can have stays text, for the message. */
function parseIndex(text: string): number | `[${string}]` {
  const index = Number(text)
  return index > maximumIndex ? `[${text}]` : index
}

/** A value's placeholder passes here as the name of an attribute that is not defined. */
function parseMember(reader: TokenReader): string {
  return reader.next.type === 'value' ? reader.take().text : parseName(reader)
}

function parseName(reader: TokenReader): string {
  if (!reader.nextIsName && reader.next.type !== 'name') throw reader.unexpected()
  return reader.take().text
}
