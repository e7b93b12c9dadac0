const maximumTexts = 500

/**
 * Makes a parser remember the expressions it has read last: requests repeat their texts, only names and
 * values differ.
 *
 * @param parse - Reads one expression; what it throws is not remembered.
 * @returns The same, with a memory.
 * @internal
 */
export function cachedParser<Syntax>(parse: (text: string) => Syntax): (text: string) => Syntax {
  const known = new Map<string, Syntax>()
  return (text) => {
    const cached = known.get(text)
    if (cached !== undefined) return cached
    const syntax = parse(text)
    if (known.size === maximumTexts) forgetOldest(known)
    known.set(text, syntax)
    return syntax
  }
}

function forgetOldest(known: Map<string, unknown>): void {
  for (const text of known.keys()) {
    known.delete(text)
    return
  }
}
