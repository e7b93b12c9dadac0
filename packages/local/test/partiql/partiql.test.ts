import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluateCondition } from '../../src/expressions/evaluate-condition.ts'
import { checkParameters } from '../../src/partiql/check-parameters.ts'
import { readStatement } from '../../src/partiql/read-statement.ts'
import { ServiceError } from '../../src/protocol/service-error.ts'
import type { AttributeValue } from '../../src/values/attribute-value.ts'
import { naiveCondition } from '../expressions/naive-condition.ts'
import {
  condition,
  item,
  type Condition,
  type Operand,
  type Path,
} from '../expressions/random-expressions.ts'
import { propertyRuns } from '../property-runs.ts'

const functions = { exists: 'attribute_exists', missing: 'attribute_not_exists' } as const

/** Writes a condition as a WHERE clause has it, with literals where there are some. */
class WhereWriter {
  readonly parameters: AttributeValue[] = []

  write(tree: Condition): string {
    switch (tree.kind) {
      case 'and':
      case 'or':
        return tree.members.map((member) => `(${this.write(member)})`).join(` ${tree.kind} `)
      case 'not':
        return `NOT (${this.write(tree.member)})`
      case 'compare':
        return `${this.#operand(tree.left)} ${tree.operator} ${this.#operand(tree.right)}`
      case 'between': {
        const [lower, upper] = tree.others as [Operand, Operand]
        return `${this.#operand(tree.operand)} BETWEEN ${this.#operand(lower)} AND ${this.#operand(upper)}`
      }
      case 'in': {
        const operand = this.#operand(tree.operand)
        return `${operand} IN [${tree.others.map((other) => this.#operand(other)).join(', ')}]`
      }
      case 'exists':
      case 'missing':
        return `${functions[tree.kind]}(${pathText(tree.path)})`
      case 'call':
        return `${tree.name}(${pathText(tree.path)}, ${this.#value(tree.value)})`
    }
  }

  #operand(operand: Operand): string {
    if (operand.kind === 'value') return this.#value(operand.value)
    return operand.kind === 'path' ? pathText(operand.path) : `size(${pathText(operand.path)})`
  }

  #value(value: AttributeValue): string {
    const literal = literalOf(value)
    if (literal !== undefined) return literal
    this.parameters.push(value)
    return '?'
  }
}

function pathText(path: Path): string {
  return path
    .map((element, at) => {
      if (typeof element === 'number') return `[${String(element)}]`
      return `${at === 0 ? '' : '.'}"${element}"`
    })
    .join('')
}

/** What can be written in a statement: everything but binary values. */
function literalOf(value: AttributeValue): string | undefined {
  if ('S' in value) return `'${value.S.replaceAll("'", "''")}'`
  if ('N' in value) return value.N
  if ('BOOL' in value) return String(value.BOOL)
  if ('NULL' in value) return 'null'
  if ('SS' in value) return `<<${value.SS.map((S) => literalOf({ S })).join(', ')}>>`
  if ('NS' in value) return `<<${value.NS.join(', ')}>>`
  if ('L' in value) return joined('[', value.L.map(literalOf), ']')
  if (!('M' in value)) return undefined
  const pairs = Object.entries(value.M).map(([name, member]) => {
    const literal = literalOf(member)
    return literal === undefined ? undefined : `'${name}': ${literal}`
  })
  return joined('{', pairs, '}')
}

function joined(start: string, parts: readonly (string | undefined)[], end: string): string | undefined {
  return parts.includes(undefined) ? undefined : `${start}${parts.join(', ')}${end}`
}

test('WHERE clauses mean what a naive reading of their trees means', () => {
  fc.assert(
    fc.property(condition, fc.array(item, { minLength: 1, maxLength: 5 }), (tree, items) => {
      const writer = new WhereWriter()
      const text = `SELECT * FROM "T" WHERE ${writer.write(tree)}`
      const statement = readStatement(text, checkParameters(writer.parameters))
      expect(statement.kind).toBe('select')
      if (statement.kind !== 'select') return
      for (const subject of items) {
        expect(evaluateCondition(statement.where!, subject)).toBe(naiveCondition(tree, subject))
      }
    }),
    propertyRuns(2000),
  )
})

const pieces = fc.constantFrom(
  ...(
    'SELECT DISTINCT VALUE PIVOT FROM WHERE ORDER BY GROUP HAVING LIMIT DESC AS AT UPDATE SET REMOVE DELETE INSERT ' +
    'INTO VALUE VALUES EXISTS RETURNING ALL MODIFIED OLD NEW AND OR NOT IN BETWEEN LIKE IS MISSING NULL TRUE CASE ' +
    'CAST UNION JOIN STRING DOUBLE PRECISION size count contains attribute_exists set_add list_append foo ' +
    "T pk sk \"a b\" 'x' 'y 1 -1 1.5 1e400 01 ? ( ) ( ) [ ] { } << >> , . : ; * + - / % = <> != < <= > >= || @ # -- /* */"
  ).split(' '),
  '\n',
  'é',
  '\u{1F600}',
)

const starts = fc.constantFrom(
  '',
  'SELECT ',
  'SELECT * FROM T WHERE ',
  'UPDATE T SET ',
  'UPDATE T SET a = ',
  'DELETE FROM T WHERE ',
  "INSERT INTO T VALUE {'pk': ",
  'FROM T ',
  'EXISTS(SELECT * FROM T WHERE ',
)

test('whatever the statement, the answer is a statement or a ServiceError', () => {
  const rest = fc.oneof(
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
    { weight: 5, arbitrary: fc.array(pieces, { maxLength: 30 }).map((words) => words.join(' ')) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(pieces, fc.integer({ min: 1, max: 3000 }))
        .map(([piece, times]) => `${piece} `.repeat(times)),
    },
  )
  fc.assert(
    fc.property(starts, rest, (start, text) => {
      try {
        const statement = readStatement((start + text).slice(0, 8192), [])
        if (statement.kind === 'select') statement.columns()
      } catch (error) {
        expect(error).toBeInstanceOf(ServiceError)
        expect((error as ServiceError).name).toBe('ValidationException')
      }
    }),
    propertyRuns(2000),
  )
})
