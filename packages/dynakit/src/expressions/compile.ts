import type { NativeValue } from '../codec/native-value.ts'
import type { Condition, FieldCondition, Operand } from './condition.ts'
import type { Path } from './path.ts'
import type { SetAction, UpdateActions } from './update-actions.ts'

/** The expressions of one request, as trees. */
export interface ExpressionTrees {
  readonly keyCondition?: Condition | undefined
  readonly filter?: Condition | undefined
  readonly condition?: Condition | undefined
  readonly projection?: readonly Path[] | undefined
  readonly update?: UpdateActions | undefined
}

/** The expressions of one request, as DynamoDB takes them. */
export interface CompiledExpressions {
  readonly KeyConditionExpression?: string
  readonly FilterExpression?: string
  readonly ConditionExpression?: string
  readonly ProjectionExpression?: string
  readonly UpdateExpression?: string
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>
  readonly ExpressionAttributeValues?: Readonly<Record<string, NativeValue>>
}

/** A compiled request without its values; requests of equal shape share one. */
interface Template {
  readonly expressions: CompiledExpressions
  readonly placeholders: readonly string[]
}

/**
 * Compiles the expressions of one request.
 *
 * Every name and value becomes a placeholder (`#n0`, `:v0`), numbered in the order of the trees, so that
 * reserved words never matter. Trees that differ only in values share one compiled text.
 *
 * @param trees - The expressions; all share one set of placeholders.
 * @returns Members to put into the request.
 * @internal
 */
export function compileExpressions(trees: ExpressionTrees): CompiledExpressions {
  const values: NativeValue[] = []
  if (shapeCount > maximumShapes) forgetShapes()
  const shape = findShape(trees, values)
  const { expressions, placeholders } = (shape.template ??= makeTemplate(trees))
  if (values.length === 0) return expressions
  const named: Record<string, NativeValue> = {}
  for (let at = 0; at < values.length; at++) named[placeholders[at] as string] = values[at] as NativeValue
  return { ...expressions, ExpressionAttributeValues: named }
}

/* ---- shape: everything of the trees but the values, which are collected in order ---- */

/** What trees with an equal beginning have in common; each operator, path and bracket is one step further. */
class Shape {
  template: Template | undefined = undefined
  private lastToken = ''
  private lastShape: Shape | undefined = undefined
  private others: Map<string, Shape> | undefined = undefined

  /** The shape with one more token; that of the request before is at hand. */
  with(token: string): Shape {
    if (this.lastShape !== undefined && this.lastToken === token) return this.lastShape
    let found = this.others?.get(token)
    if (found === undefined) {
      found = new Shape()
      shapeCount += 1
      // Most shapes have one way on, and need no map.
      if (this.lastShape !== undefined)
        (this.others ??= new Map([[this.lastToken, this.lastShape]])).set(token, found)
    }
    this.lastToken = token
    this.lastShape = found
    return found
  }
}

const maximumShapes = 10_000
let noExpressions = new Shape()
let shapeCount = 0

function forgetShapes(): void {
  noExpressions = new Shape()
  shapeCount = 0
}

function findShape(trees: ExpressionTrees, values: NativeValue[]): Shape {
  let shape = noExpressions
  if (trees.keyCondition) shape = withCondition(shape.with('K'), trees.keyCondition, values)
  if (trees.filter) shape = withCondition(shape.with('F'), trees.filter, values)
  if (trees.condition) shape = withCondition(shape.with('C'), trees.condition, values)
  if (trees.update) shape = withUpdate(shape.with('U'), trees.update, values)
  if (trees.projection) for (const path of trees.projection) shape = shape.with('P').with(path.text)
  return shape
}

function withCondition(before: Shape, condition: Condition, values: NativeValue[]): Shape {
  let shape = before
  if (condition.type === 'not') return withCondition(shape.with('!'), condition.condition, values)
  if (condition.type !== 'field') {
    shape = shape.with(condition.type)
    for (const member of condition.conditions) shape = withCondition(shape, member, values)
    return shape.with(')')
  }
  shape = shape.with(condition.operator).with(condition.path.text)
  for (const operand of condition.operands) {
    if ('attribute' in operand) {
      shape = shape.with('@').with(operand.attribute.text)
    } else {
      values.push(operand.value)
      shape = shape.with(':')
    }
  }
  return shape
}

function withUpdate(before: Shape, update: UpdateActions, values: NativeValue[]): Shape {
  let shape = before
  for (const { path, kind, value } of update.set) {
    shape = shape.with(kind).with(path.text)
    values.push(value)
    if (needsEmptyList(kind)) values.push([])
  }
  for (const path of update.remove) shape = shape.with('remove').with(path.text)
  for (const { path, value } of update.add) {
    shape = shape.with('add').with(path.text)
    values.push(value)
  }
  for (const { path, value } of update.delete) {
    shape = shape.with('delete').with(path.text)
    values.push(value)
  }
  return shape
}

function needsEmptyList(kind: SetAction['kind']): boolean {
  return kind === 'append' || kind === 'prepend'
}

/* ---- template: the text of each expression, written once per shape ---- */

interface Placeholders {
  readonly names: Map<string, string>
  readonly values: string[]
}

function makeTemplate(trees: ExpressionTrees): Template {
  const placeholders: Placeholders = { names: new Map(), values: [] }
  const texts = {
    KeyConditionExpression: trees.keyCondition && writeCondition(trees.keyCondition, placeholders),
    FilterExpression: trees.filter && writeCondition(trees.filter, placeholders),
    ConditionExpression: trees.condition && writeCondition(trees.condition, placeholders),
    UpdateExpression: trees.update && writeUpdate(trees.update, placeholders),
    ProjectionExpression: trees.projection?.map((path) => writePath(path, placeholders)).join(', '),
  }
  const expressions: Record<string, unknown> = {}
  for (const [name, text] of Object.entries(texts)) if (text !== undefined) expressions[name] = text
  if (placeholders.names.size > 0) {
    expressions.ExpressionAttributeNames = Object.freeze(
      Object.fromEntries([...placeholders.names].map(([name, placeholder]) => [placeholder, name])),
    )
  }
  return { expressions: Object.freeze(expressions), placeholders: placeholders.values }
}

function writeCondition(condition: Condition, placeholders: Placeholders): string {
  switch (condition.type) {
    case 'field':
      return writeField(condition, placeholders)
    case 'not':
      return `NOT (${writeCondition(condition.condition, placeholders)})`
    case 'and':
    case 'or': {
      const members = condition.conditions.map((member) => {
        const text = writeCondition(member, placeholders)
        return member.type === 'field' ? text : `(${text})`
      })
      return members.join(condition.type === 'and' ? ' AND ' : ' OR ')
    }
  }
}

function writeField(condition: FieldCondition, placeholders: Placeholders): string {
  const { operator } = condition
  const path = writePath(condition.path, placeholders)
  const operands = condition.operands.map((operand) => writeOperand(operand, placeholders))
  const [first = '', second = ''] = operands
  switch (operator) {
    case 'between':
      return `${path} BETWEEN ${first} AND ${second}`
    case 'in':
      return `${path} IN (${operands.join(', ')})`
    case 'exists':
      return `attribute_exists(${path})`
    case 'not_exists':
      return `attribute_not_exists(${path})`
    case 'begins_with':
    case 'contains':
    case 'attribute_type':
      return `${operator}(${path}, ${first})`
    case 'not_contains':
      return `NOT contains(${path}, ${first})`
    default:
      return `${path} ${operator} ${first}`
  }
}

function writeOperand(operand: Operand, placeholders: Placeholders): string {
  return 'attribute' in operand ? writePath(operand.attribute, placeholders) : nextValue(placeholders)
}

function writePath(path: Path, placeholders: Placeholders): string {
  let text = ''
  for (const segment of path.segments) {
    if (typeof segment === 'number') text += `[${String(segment)}]`
    else text += (text === '' ? '' : '.') + nameOf(segment, placeholders)
  }
  return path.isSize ? `size(${text})` : text
}

function nameOf(name: string, { names }: Placeholders): string {
  let placeholder = names.get(name)
  if (placeholder === undefined) {
    placeholder = `#n${String(names.size)}`
    names.set(name, placeholder)
  }
  return placeholder
}

function nextValue({ values }: Placeholders): string {
  const placeholder = `:v${String(values.length)}`
  values.push(placeholder)
  return placeholder
}

function writeUpdate(update: UpdateActions, placeholders: Placeholders): string {
  const withValue = ({ path }: { readonly path: Path }): string =>
    `${writePath(path, placeholders)} ${nextValue(placeholders)}`
  const clauses = [
    clause(
      'SET',
      update.set.map((action) => writeSet(action, placeholders)),
    ),
    clause(
      'REMOVE',
      update.remove.map((path) => writePath(path, placeholders)),
    ),
    clause('ADD', update.add.map(withValue)),
    clause('DELETE', update.delete.map(withValue)),
  ]
  return clauses.filter((text) => text !== '').join(' ')
}

function clause(keyword: string, actions: readonly string[]): string {
  return actions.length === 0 ? '' : `${keyword} ${actions.join(', ')}`
}

function writeSet({ path, kind }: SetAction, placeholders: Placeholders): string {
  const target = writePath(path, placeholders)
  const value = nextValue(placeholders)
  if (kind === 'value') return `${target} = ${value}`
  if (kind === 'if-not-exists') return `${target} = if_not_exists(${target}, ${value})`
  const current = `if_not_exists(${target}, ${nextValue(placeholders)})`
  const [left, right] = kind === 'append' ? [current, value] : [value, current]
  return `${target} = list_append(${left}, ${right})`
}
