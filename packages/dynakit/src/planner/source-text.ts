/** Words that cannot name a variable in a module. */
const reserved: ReadonlySet<string> = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export ' +
    'extends false finally for function if implements import in instanceof interface let new null package ' +
    'private protected public return static super switch this throw true try typeof var void while with yield ' +
    'db undefined'
  ).split(' '),
)

/**
 * Makes a variable's name from any name.
 *
 * @param name - Name of an entity or attribute.
 * @returns The name itself where it can be one.
 * @internal
 */
export function identifier(name: string): string {
  const words = name.split(/[^\p{ID_Continue}$]+/u).filter((word) => word !== '')
  const joined = words
    .map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')
  if (joined === '') return 'value'
  return reserved.has(joined) || !/^[\p{ID_Start}$_]/u.test(joined) ? `_${joined}` : joined
}

/**
 * Writes text as a string literal.
 *
 * @internal
 */
export function quoted(text: string): string {
  const inside = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${inside}'`
}

/**
 * Writes a member of an object literal whose value is the variable of its name.
 *
 * @internal
 */
export function property(name: string): string {
  const variable = identifier(name)
  return variable === name ? name : `${quoted(name)}: ${variable}`
}
