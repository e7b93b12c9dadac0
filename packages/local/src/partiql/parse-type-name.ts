import { notWellFormed } from './statement-error.ts'
import type { StatementReader } from './statement-reader.ts'

/** The names of types, and of those that are called by several words. */
const typeNames: Readonly<Record<string, string>> = {
  bag: 'BAG',
  blob: 'BLOB',
  bool: 'BOOLEAN',
  boolean: 'BOOLEAN',
  char: 'CHARACTER',
  character: 'CHARACTER',
  clob: 'CLOB',
  date: 'DATE',
  dec: 'DECIMAL',
  decimal: 'DECIMAL',
  float: 'FLOAT',
  int: 'INTEGER',
  int4: 'INTEGER4',
  int8: 'INTEGER8',
  integer: 'INTEGER',
  list: 'LIST',
  missing: 'MISSING',
  null: 'NULL',
  numeric: 'NUMERIC',
  real: 'REAL',
  sexp: 'SEXP',
  smallint: 'SMALLINT',
  string: 'STRING',
  struct: 'STRUCT',
  symbol: 'SYMBOL',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  tuple: 'TUPLE',
  varchar: 'CHARACTER_VARYING',
}

/** Types that can be narrowed by numbers in parentheses, and by how many at most. */
const arities: Readonly<Record<string, number>> = {
  CHARACTER: 1,
  CHARACTER_VARYING: 1,
  DECIMAL: 2,
  FLOAT: 1,
  NUMERIC: 2,
  REAL: 1,
}

/**
 * Reads the name of a type after IS.
 *
 * @param reader - Stands before the name.
 * @returns The name as messages have it.
 * @throws ServiceError when it is none.
 * @internal
 */
export function parseTypeName(reader: StatementReader): string {
  const name = readName(reader)
  if (!reader.takeSymbol('(')) return name
  let count = 0
  do {
    if (reader.take().type !== 'number') {
      throw notWellFormed('Type parameter must be an unsigned integer literal')
    }
    count += 1
  } while (reader.takeSymbol(','))
  reader.expectSymbol(')')
  const maximum = arities[name] ?? 0
  if (count > maximum) {
    throw notWellFormed(`CAST for ${name.toLowerCase()} must have arity of 0..${String(maximum)}`)
  }
  return name
}

function readName(reader: StatementReader): string {
  const { type, text } = reader.next
  if (type === 'keyword' || type === 'identifier') {
    const following = reader.ahead(1)
    if (reader.isKeyword('double') && reader.isKeyword('precision', following)) {
      reader.take()
      reader.take()
      return 'DOUBLE_PRECISION'
    }
    if (reader.isKeyword('character') && reader.isKeyword('varying', following)) {
      reader.take()
      reader.take()
      return 'CHARACTER_VARYING'
    }
    const name = text.toLowerCase()
    if (Object.hasOwn(typeNames, name)) {
      reader.take()
      return typeNames[name] as string
    }
  }
  throw notWellFormed('Expected type name')
}
