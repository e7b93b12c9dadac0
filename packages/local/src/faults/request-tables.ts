/**
 * Names the tables a request has to do with.
 *
 * @param input - The request, unchecked.
 * @returns Their names; of ARNs the table's name.
 * @internal
 */
export function tablesOf(input: Readonly<Record<string, unknown>>): readonly string[] {
  const { TableName, RequestItems, TransactItems } = input
  const batched = isObject(RequestItems) ? Object.keys(RequestItems) : []
  const actions = Array.isArray(TransactItems) ? TransactItems.filter(isObject).flatMap(Object.values) : []
  const inTransaction = actions.filter(isObject).map((action) => action.TableName)
  return [TableName, ...batched, ...inTransaction].filter((name) => typeof name === 'string').map(nameOf)
}

function nameOf(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? (nameOrArn.split('/')[1] ?? nameOrArn) : nameOrArn
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
