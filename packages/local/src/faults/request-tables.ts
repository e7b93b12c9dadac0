/**
 * Names the tables a request has to do with.
 *
 * @param input - The request, unchecked.
 * @returns Their names; of ARNs the table's name.
 * @internal
 */
export function tablesOf(input: Readonly<Record<string, unknown>>): readonly string[] {
  const { TableName, RequestItems, TransactItems, Statements, TransactStatements } = input
  const batched = isObject(RequestItems) ? Object.keys(RequestItems) : []
  const inTransaction = membersOf(TransactItems)
    .flatMap(Object.values)
    .map((action) => (isObject(action) ? action.TableName : undefined))
  const statements = [input, ...membersOf(Statements), ...membersOf(TransactStatements)]
  const stated = statements.map(({ Statement }) => tableOfStatement(Statement))
  return [TableName, ...batched, ...inTransaction, ...stated]
    .filter((name) => typeof name === 'string')
    .map(nameOf)
}

const statementTable = /\b(?:from|into|update)\s+"?([\w.-]+)"?/i

/** A statement that is none, or is written in some other way, has no table here. */
function tableOfStatement(statement: unknown): string | undefined {
  return typeof statement === 'string' ? statementTable.exec(statement)?.[1] : undefined
}

function membersOf(list: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(list) ? list.filter(isObject) : []
}

function nameOf(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? (nameOrArn.split('/')[1] ?? nameOrArn) : nameOrArn
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
