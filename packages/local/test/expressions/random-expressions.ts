import fc from 'fast-check'
import type { AttributeValue, Item } from '../../src/values/attribute-value.ts'

/** An expression with everything needed to send or read it. */
export interface Written {
  readonly text: string
  readonly names: Readonly<Record<string, string>>
  readonly values: Readonly<Record<string, AttributeValue>>
}

/** A path as a list of names and indexes. */
export type Path = readonly (string | number)[]

/** What a random condition compares. */
export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'size'; readonly path: Path }

/** A random condition. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly members: readonly Condition[] }
  | { readonly kind: 'not'; readonly member: Condition }
  | { readonly kind: 'compare'; readonly operator: string; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between' | 'in'; readonly operand: Operand; readonly others: readonly Operand[] }
  | { readonly kind: 'exists' | 'missing'; readonly path: Path }
  | { readonly kind: 'call'; readonly name: string; readonly path: Path; readonly value: AttributeValue }

const texts = fc.constantFrom('', 'a', 'ab', 'b', 'é', '\u{1F600}', '\uFF5E', 'abab')
const numbers = fc.constantFrom(
  '0',
  '1',
  '-1',
  '2',
  '10',
  '1.5',
  '-0.5',
  '12345678901234567890123456789012345678',
)
const binaries = fc.constantFrom('', 'YQ==', 'YWI=', '/w==', 'AA==')

const scalar: fc.Arbitrary<AttributeValue> = fc.oneof(
  texts.map((S) => ({ S })),
  numbers.map((N) => ({ N })),
  binaries.map((B) => ({ B })),
)

const flat: fc.Arbitrary<AttributeValue> = fc.oneof(
  { weight: 5, arbitrary: scalar },
  fc.boolean().map((BOOL) => ({ BOOL })),
  fc.constant<AttributeValue>({ NULL: true }),
  fc.uniqueArray(texts, { minLength: 1, maxLength: 3 }).map((SS) => ({ SS })),
  fc.uniqueArray(numbers, { minLength: 1, maxLength: 3 }).map((NS) => ({ NS })),
  fc.uniqueArray(binaries, { minLength: 1, maxLength: 3 }).map((BS) => ({ BS })),
)

const attributeNames = ['x', 'y', 'z', 'deep', 'status', 'a b'] as const
const memberNames = ['x', 'y', 'name'] as const

/** Attribute values of every type, with lists and maps up to three levels. */
const attributeValue: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    { weight: 4, arbitrary: flat },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }).map((L) => ({ L })) },
    {
      weight: 1,
      arbitrary: fc
        .dictionary(fc.constantFrom(...memberNames), tie('value'), { maxKeys: 3 })
        .map((M) => ({ M })),
    },
  ),
})).value

/** Items without a key, of a few attributes whose names also occur in expressions. */
export const item: fc.Arbitrary<Item> = fc.dictionary(fc.constantFrom(...attributeNames), attributeValue, {
  maxKeys: 6,
})

const path: fc.Arbitrary<Path> = fc
  .tuple(
    fc.constantFrom(...attributeNames),
    fc.oneof(
      { weight: 4, arbitrary: fc.constant<Path>([]) },
      fc.array(fc.oneof(fc.constantFrom(...memberNames), fc.nat({ max: 3 })), { minLength: 1, maxLength: 2 }),
    ),
  )
  .map(([first, rest]) => [first, ...rest])

const operand = (value: fc.Arbitrary<AttributeValue>): fc.Arbitrary<Operand> =>
  fc.oneof(
    { weight: 3, arbitrary: path.map((path): Operand => ({ kind: 'path', path })) },
    { weight: 3, arbitrary: value.map((value): Operand => ({ kind: 'value', value })) },
    { weight: 1, arbitrary: path.map((path): Operand => ({ kind: 'size', path })) },
  )

/** DynamoDB wants the first operand to differ from the others. */
function isDistinct(first: Operand, others: readonly Operand[]): boolean {
  return (
    first.kind !== 'path' ||
    others.every(
      (other) => other.kind !== 'path' || JSON.stringify(other.path) !== JSON.stringify(first.path),
    )
  )
}

const comparison: fc.Arbitrary<Condition> = fc.oneof(
  fc
    .tuple(fc.constantFrom('=', '<>'), operand(attributeValue), operand(attributeValue))
    .map(([operator, left, right]): Condition => ({ kind: 'compare', operator, left, right })),
  fc
    .tuple(fc.constantFrom('<', '<=', '>', '>='), operand(scalar), operand(scalar))
    .map(([operator, left, right]): Condition => ({ kind: 'compare', operator, left, right })),
)

const between: fc.Arbitrary<Condition> = fc
  .tuple(
    operand(scalar),
    fc.oneof(
      fc
        .tuple(path, operand(scalar))
        .map(([lower, upper]): Operand[] => [{ kind: 'path', path: lower }, upper]),
      fc
        .tuple(fc.constantFrom('-1', '0', '1'), fc.constantFrom('1', '2', '10'))
        .map((bounds) => bounds.map((N): Operand => ({ kind: 'value', value: { N } }))),
      fc
        .tuple(fc.constantFrom('', 'a'), fc.constantFrom('a', 'b'))
        .map((bounds) => bounds.map((S): Operand => ({ kind: 'value', value: { S } }))),
    ),
  )
  .map(([operand, others]) => ({ kind: 'between', operand, others }))

const call: fc.Arbitrary<Condition> = fc
  .oneof(
    fc.tuple(
      fc.constant('begins_with'),
      path,
      fc.oneof(
        texts.map((S) => ({ S })),
        binaries.map((B) => ({ B })),
      ),
    ),
    fc.tuple(fc.constant('contains'), path, attributeValue),
    fc.tuple(
      fc.constant('attribute_type'),
      path,
      fc.constantFrom('S', 'N', 'B', 'SS', 'NS', 'BS', 'BOOL', 'NULL', 'L', 'M').map((S) => ({ S })),
    ),
  )
  .map(([name, path, value]) => ({ kind: 'call', name, path, value }))

/** Conditions DynamoDB accepts. */
export const condition: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    comparison.filter((one) => one.kind !== 'compare' || isDistinct(one.left, [one.right])),
    between.filter((one) => one.kind !== 'between' || isDistinct(one.operand, one.others)),
    fc
      .tuple(operand(attributeValue), fc.array(operand(attributeValue), { minLength: 1, maxLength: 4 }))
      .filter(([first, others]) => isDistinct(first, others))
      .map(([operand, others]): Condition => ({ kind: 'in', operand, others })),
    fc.tuple(fc.constantFrom('exists', 'missing'), path).map(([kind, path]): Condition => ({ kind, path })),
    call,
    tie('condition').map((member): Condition => ({ kind: 'not', member })),
    fc
      .tuple(fc.constantFrom('and', 'or'), fc.array(tie('condition'), { minLength: 2, maxLength: 3 }))
      .map(([kind, members]): Condition => ({ kind, members })),
  ),
})).condition

/** A value that a random update assigns. */
export type UpdateValue =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'default'; readonly path: Path; readonly otherwise: UpdateValue }
  | { readonly kind: 'append' | '+' | '-'; readonly left: UpdateValue; readonly right: UpdateValue }

/** One action of a random update. */
export type Action =
  | { readonly kind: 'SET'; readonly path: Path; readonly value: UpdateValue }
  | { readonly kind: 'REMOVE'; readonly path: Path }
  | { readonly kind: 'ADD' | 'DELETE'; readonly path: Path; readonly value: AttributeValue }

const number = numbers.map((N): AttributeValue => ({ N }))
const listOf = fc.array(flat, { maxLength: 3 }).map((L): AttributeValue => ({ L }))
const setOf: fc.Arbitrary<AttributeValue> = flat.filter(
  (value) => 'SS' in value || 'NS' in value || 'BS' in value,
)

function pathOr(value: fc.Arbitrary<AttributeValue>): fc.Arbitrary<UpdateValue> {
  return fc.oneof(
    path.map((path): UpdateValue => ({ kind: 'path', path })),
    value.map((value): UpdateValue => ({ kind: 'value', value })),
  )
}

function withDefault(value: fc.Arbitrary<AttributeValue>): fc.Arbitrary<UpdateValue> {
  return fc.oneof(
    pathOr(value),
    fc
      .tuple(path, value)
      .map(([path, value]): UpdateValue => ({ kind: 'default', path, otherwise: { kind: 'value', value } })),
  )
}

const updateValue: fc.Arbitrary<UpdateValue> = fc.oneof(
  withDefault(attributeValue),
  fc
    .tuple(fc.constantFrom('+', '-'), withDefault(number), withDefault(number))
    .map(([kind, left, right]): UpdateValue => ({ kind, left, right })),
  fc
    .tuple(withDefault(listOf), withDefault(listOf))
    .map(([left, right]): UpdateValue => ({ kind: 'append', left, right })),
)

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(path, updateValue).map(([path, value]): Action => ({ kind: 'SET', path, value })),
  },
  { weight: 2, arbitrary: path.map((path): Action => ({ kind: 'REMOVE', path })) },
  fc.tuple(path, fc.oneof(number, setOf)).map(([path, value]): Action => ({ kind: 'ADD', path, value })),
  fc.tuple(path, setOf).map(([path, value]): Action => ({ kind: 'DELETE', path, value })),
)

/** Updates DynamoDB accepts, as far as it can tell without an item. */
export const update: fc.Arbitrary<readonly Action[]> = fc
  .array(action, { minLength: 1, maxLength: 5 })
  .map((actions) =>
    actions.filter((one, index) => actions.slice(0, index).every((other) => areApart(one.path, other.path))),
  )

/** Whether neither path leads through the other, and no list is taken for a map. */
function areApart(left: Path, right: Path): boolean {
  for (let depth = 0; depth < Math.min(left.length, right.length); depth += 1) {
    if (typeof left[depth] !== typeof right[depth]) return false
    if (left[depth] !== right[depth]) return true
  }
  return false
}

/** Writes expressions with placeholders, odd spacing and needless but allowed parentheses. */
export class Writer {
  readonly names: Record<string, string> = {}
  readonly values: Record<string, AttributeValue> = {}
  readonly #choices: readonly number[]
  #next = 0

  /** @param choices - Decides where there is a choice; used again and again. */
  constructor(choices: readonly number[]) {
    this.#choices = choices
  }

  condition(node: Condition): Written {
    return this.#written(this.#condition(node))
  }

  update(actions: readonly Action[]): Written {
    const sections = (['SET', 'REMOVE', 'ADD', 'DELETE'] as const).filter((kind) =>
      actions.some((action) => action.kind === kind),
    )
    if (this.#choose()) sections.reverse()
    const written = sections.map((kind) => {
      const own = actions.filter((action) => action.kind === kind).map((action) => this.#action(action))
      return `${this.#choose() ? kind : kind.toLowerCase()} ${own.join(this.#choose() ? ',' : ' , ')}`
    })
    return this.#written(written.join(' '))
  }

  #written(text: string): Written {
    return { text, names: this.names, values: this.values }
  }

  #action(action: Action): string {
    const path = this.#path(action.path)
    switch (action.kind) {
      case 'SET':
        return `${path}${this.#choose() ? '=' : ' = '}${this.#updateValue(action.value)}`
      case 'REMOVE':
        return path
      default:
        return `${path} ${this.#value(action.value)}`
    }
  }

  #updateValue(value: UpdateValue): string {
    switch (value.kind) {
      case 'path':
        return this.#path(value.path)
      case 'value':
        return this.#value(value.value)
      case 'default':
        return `if_not_exists(${this.#path(value.path)}, ${this.#updateValue(value.otherwise)})`
      case 'append':
        return `list_append(${this.#updateValue(value.left)},${this.#updateValue(value.right)})`
      default:
        return `${this.#updateValue(value.left)} ${value.kind} ${this.#updateValue(value.right)}`
    }
  }

  #condition(node: Condition): string {
    switch (node.kind) {
      case 'and':
      case 'or':
        return node.members
          .map((member) => this.#grouped(member, node.kind === 'and' ? ['or'] : []))
          .join(this.#choose() ? ` ${node.kind} ` : `\n${node.kind.toUpperCase()}\t`)
      case 'not':
        return `NOT ${this.#grouped(node.member, ['and', 'or'])}`
      case 'compare':
        return `${this.#operand(node.left)}${this.#choose() ? node.operator : ` ${node.operator} `}${this.#operand(node.right)}`
      case 'between':
        return `${this.#operand(node.operand)} between ${node.others.map((one) => this.#operand(one)).join(' and ')}`
      case 'in':
        return `${this.#operand(node.operand)} IN (${node.others.map((one) => this.#operand(one)).join(', ')})`
      case 'exists':
        return `attribute_exists(${this.#path(node.path)})`
      case 'missing':
        return `attribute_not_exists (${this.#path(node.path)})`
      case 'call':
        return `${node.name}(${this.#path(node.path)}, ${this.#value(node.value)})`
    }
  }

  #grouped(member: Condition, needed: readonly string[]): string {
    const text = this.#condition(member)
    return needed.includes(member.kind) || this.#choose() ? `(${text})` : text
  }

  #operand(operand: Operand): string {
    const text =
      operand.kind === 'value'
        ? this.#value(operand.value)
        : operand.kind === 'path'
          ? this.#path(operand.path)
          : `size(${this.#path(operand.path)})`
    return this.#choose() && this.#choose() ? `(${text})` : text
  }

  #path(path: Path): string {
    return path
      .map((element, index) => {
        if (typeof element === 'number') return `[${String(element)}]`
        return (index === 0 ? '' : '.') + this.#name(element)
      })
      .join('')
  }

  #name(name: string): string {
    if (['x', 'y', 'z', 'deep'].includes(name) && this.#choose()) return name
    const placeholder = `#n_${name.replace(' ', '')}`
    this.names[placeholder] = name
    return placeholder
  }

  #value(value: AttributeValue): string {
    const placeholder = `:v${String(Object.keys(this.values).length)}`
    this.values[placeholder] = value
    return placeholder
  }

  #choose(): boolean {
    const choice = this.#choices[this.#next % this.#choices.length] ?? 0
    this.#next += 1
    return choice % 2 === 1
  }
}

/** Choices for a {@link Writer}. */
export const choices: fc.Arbitrary<readonly number[]> = fc.array(fc.nat({ max: 1 }), {
  minLength: 7,
  maxLength: 31,
})
