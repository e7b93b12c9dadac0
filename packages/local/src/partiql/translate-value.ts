import { ServiceError, validationError, invalidParameter } from '../protocol/service-error.ts'
import { setAttribute, type AttributeValue } from '../values/attribute-value.ts'
import { checkValue, maximumDepth } from '../values/check-value.ts'
import { normalizeNumber } from '../values/number.ts'
import type { Expression, StructMember } from './expression.ts'
import { errorAt } from './statement-error.ts'
import type { StatementToken } from './statement-token.ts'
import type { Translation } from './translation.ts'

/** Where a value stands inside another one. */
interface Place {
  /** As messages have it: `root.a[0]`. */
  readonly path: string
  /** How many lists and maps it is in. */
  readonly depth: number
}

const root: Place = { path: 'root', depth: 0 }

/**
 * Makes the value an expression is.
 *
 * @param expression - The expression.
 * @param translation - The statement it stands in.
 * @returns The value, or undefined when the expression is none.
 * @throws ServiceError when it is no proper value.
 * @internal
 */
export function translateValue(expression: Expression, translation: Translation): AttributeValue | undefined {
  switch (expression.type) {
    case 'parameter':
      return translation.parameter(expression.index)
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'list':
    case 'bag':
    case 'struct':
      return translate(expression, root)
    default:
      return undefined
  }
}

/**
 * Makes the item an INSERT has. Its attributes can be parameters, what is inside of them cannot.
 *
 * @param members - The pairs of its map.
 * @param translation - The statement.
 * @throws ServiceError when one is no proper value.
 * @internal
 */
export function translateItem(
  members: readonly StructMember[],
  translation: Translation,
): Readonly<Record<string, AttributeValue>> {
  return translateMembers(
    members,
    root,
    undefined,
    (value) => translateValue(value, translation) ?? translate(value, root),
  )
}

function translateMembers(
  members: readonly StructMember[],
  { path }: Place,
  struct: StatementToken | undefined,
  translateMember: (value: Expression, name: string) => AttributeValue,
): Readonly<Record<string, AttributeValue>> {
  const map: Record<string, AttributeValue> = {}
  for (const { key, value } of members) {
    if (key.type !== 'string') {
      throw errorAt(
        `Tuple keys must be of type String. Actual type: ${nodeName(key)} under ${path}`,
        key.token,
      )
    }
    if (Object.hasOwn(map, key.text)) {
      throw errorAt(`Duplicate keys in tuple. Key: ${key.text} under ${path}`, struct ?? key.token)
    }
    setAttribute(map, key.text, translateMember(value, key.text))
  }
  return map
}

function translate(expression: Expression, place: Place): AttributeValue {
  const { path, depth } = place
  if (depth >= maximumDepth) {
    throw validationError(`Nesting Levels have exceeded supported limits under ${path}`)
  }
  switch (expression.type) {
    case 'string':
      return { S: expression.text }
    case 'number':
      return { N: translateNumber(expression.text, path) }
    case 'boolean':
      return { BOOL: expression.value }
    case 'null':
      return { NULL: true }
    case 'list':
      return {
        L: expression.members.map((member, index) =>
          translate(member, { path: `${path}[${String(index)}]`, depth: depth + 1 }),
        ),
      }
    case 'struct':
      return {
        M: translateMembers(expression.members, place, expression.token, (value, name) =>
          translate(value, { path: `${path}.${name}`, depth: depth + 1 }),
        ),
      }
    case 'bag':
      return translateBag(expression.members, path)
    default:
      throw errorAt(
        `Unsupported data type: ${depth === 0 ? shownName(expression) : nodeName(expression)} under key ${path}`,
        expression.token,
      )
  }
}

function translateNumber(text: string, path: string): string {
  try {
    return normalizeNumber(text)
  } catch (error) {
    throw error instanceof ServiceError ? validationError(`${error.message} under ${path}`) : error
  }
}

function translateBag(members: readonly Expression[], path: string): AttributeValue {
  if (members.length === 0) throw validationError('Empty bags are not supported')
  const texts = members.flatMap((member) => (member.type === 'string' ? [member.text] : []))
  if (texts.length === members.length) return checkValue({ SS: texts })
  const numbers = members.flatMap((member) => (member.type === 'number' ? [member.text] : []))
  if (numbers.length < members.length) {
    throw validationError(
      'Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags',
    )
  }
  const NS = numbers.map((number) => translateNumber(number, path))
  if (new Set(NS).size === NS.length) return { NS }
  throw invalidParameter(`Input collection [${numbers.join(', ')}] contains duplicates! under ${path}`)
}

/** What messages call the kind of an expression. */
const nodeNames: Readonly<Partial<Record<Expression['type'], string>>> = {
  path: 'VariableReference',
  parameter: 'Parameter',
  missing: 'LiteralMissing',
  number: 'INT',
  boolean: 'BOOL',
  null: 'NULL',
  list: 'Seq',
  bag: 'Seq',
  struct: 'Struct',
  is: 'IsType',
  select: 'Select',
}

function nodeName(expression: Expression): string {
  if (expression.type === 'path' && expression.steps.length > 0) return 'PATH'
  return nodeNames[expression.type] ?? 'NAry'
}

function shownName(expression: Expression): string {
  switch (expression.type) {
    case 'missing':
      return 'MISSING'
    case 'path':
      return expression.steps.length > 0 ? 'PATH' : expression.token.text
    case 'parameter':
      return 'Parameter'
    default:
      return expression.token.text
  }
}
