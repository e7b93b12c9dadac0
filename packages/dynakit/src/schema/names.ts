import { DefinitionError } from '../errors/request-errors.ts'

/**
 * Checks that the attribute names of one key are non-empty and differ.
 *
 * @param definition - What they belong to, for the message.
 * @param names - Attribute names.
 * @throws DefinitionError when a name is empty or given twice.
 * @internal
 */
export function checkNames(definition: string, names: readonly string[]): void {
  for (const [at, name] of names.entries()) {
    if (name === '') {
      throw new DefinitionError(`${definition}: an attribute name is empty.`, {
        rule: 'attribute-name',
        definition,
      })
    }
    if (names.indexOf(name) !== at) {
      throw new DefinitionError(`${definition}: attribute '${name}' stands in the key twice.`, {
        rule: 'key-attributes',
        definition,
      })
    }
  }
}
