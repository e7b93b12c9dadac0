import type { AccessPattern, EntityAccessPatterns, PatternKey } from './access-patterns.ts'
import type { KeyField } from './key-fields.ts'

/**
 * Writes a catalogue of access patterns for people.
 *
 * @param entities - The catalogue.
 * @returns Text of several lines, one block per entity.
 * @internal
 */
export function accessPatternsText(entities: readonly EntityAccessPatterns[]): string {
  return entities.map(describeEntity).join('\n\n')
}

function describeEntity(entity: EntityAccessPatterns): string {
  const title =
    entity.entity === undefined
      ? `table ${entity.tableName}`
      : `${entity.entity} in table ${entity.tableName}`
  return [
    title,
    ...entity.patterns.map(describePattern),
    ...entity.absentIndexes.map(({ indexName, reason }) => `  not in index ${indexName ?? ''}: ${reason}`),
  ].join('\n')
}

function describePattern(pattern: AccessPattern): string {
  const name =
    pattern.indexName === undefined ? "the table's key" : `${pattern.type} index ${pattern.indexName}`
  const lines = [
    `  ${name}: ${keys(pattern.partitionKey)}${pattern.sortKey.length > 0 ? `, sorted by ${keys(pattern.sortKey)}` : ''}`,
    line('needs', needs(pattern)),
    line('then, from the left', pattern.sortFields.map(describeField).join(', ')),
    line('one item', pattern.identifiedBy && each(pattern.identifiedBy)),
    line('order', pattern.order.join(', ')),
    line('does not hold items without', pattern.sparseFields.join(', ')),
    line('attributes', attributes(pattern)),
    line('consistency', pattern.consistentRead ? 'strong or eventual' : 'eventual'),
    ...pattern.examples.map((example) => line('example', example)),
  ]
  return lines.filter((text) => text !== undefined).join('\n')
}

function line(title: string, text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : `    ${title}: ${text}`
}

function keys(parts: readonly PatternKey[]): string {
  return parts
    .map(({ attribute, template }) => (template === undefined ? attribute : `${attribute} '${template}'`))
    .join(' + ')
}

function needs({ partitionFields }: AccessPattern): string {
  if (partitionFields.length === 0)
    return 'nothing: all items have the same partition key, hot when there are many'
  return partitionFields.map(describeField).join(', ')
}

function describeField({ field, operators }: KeyField): string {
  return `${field} (${operators.join(' ')})`
}

function each(fields: readonly string[]): string {
  return fields.length === 0 ? 'there is only one' : `by ${fields.join(', ')}`
}

function attributes({ type, projection, missing }: AccessPattern): string {
  if (projection === 'all') return 'all'
  if (missing === 'all') return `${held(projection)} only`
  if (missing.length === 0) return 'all it needs'
  const rest =
    type === 'local' ? 'DynamoDB reads them from the table' : '.completeItems() reads them from the table'
  return `without ${missing.join(', ')}: ${rest}`
}

function held(projection: Exclude<AccessPattern['projection'], 'all'>): string {
  return projection === 'keys-only' ? 'keys' : ['keys', ...projection].join(', ')
}
