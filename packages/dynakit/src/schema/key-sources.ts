import type { KeyPart, KeySource } from './compiled-entity.ts'
import type { KeyAttribute, Table } from './table.ts'

const sources = new WeakMap<Table, readonly KeySource[]>()

/**
 * The table's key and its indexes, every key attribute standing for itself.
 *
 * @param table - A table.
 * @returns The table's key first, then the indexes in order of declaration.
 * @internal
 */
export function keySourcesOf(table: Table): readonly KeySource[] {
  let known = sources.get(table)
  if (!known) {
    known = [
      {
        indexName: undefined,
        type: 'table',
        partitionKey: [directPart(table.partitionKey)],
        sortKey: table.sortKey ? [directPart(table.sortKey)] : [],
        projection: 'all',
      },
      ...table.indexes.map((index): KeySource => ({
        indexName: index.name,
        type: index.type,
        partitionKey: index.partitionKey.map(directPart),
        sortKey: index.sortKey.map(directPart),
        projection: index.projection,
      })),
    ]
    sources.set(table, known)
  }
  return known
}

function directPart(key: KeyAttribute): KeyPart {
  return { attribute: key.name, type: key.type, template: undefined, fields: [key.name] }
}

/**
 * Names of the key attributes of a key or index.
 *
 * @internal
 */
export function keyAttributeNames(source: KeySource): readonly string[] {
  let names = attributeNames.get(source)
  if (!names) {
    names = Object.freeze([...source.partitionKey, ...source.sortKey].map((part) => part.attribute))
    attributeNames.set(source, names)
  }
  return names
}

const attributeNames = new WeakMap<KeySource, readonly string[]>()
