import type { AttributeValue } from '../../src/values/attribute-value.ts'
import type { Random } from './random.ts'
import { attributeNames } from './random-schema.ts'
import { randomAttribute, randomValue } from './random-values.ts'

/** Writes random expressions, and gathers the names and values they refer to. */
export class RandomExpressions {
  readonly #random: Random
  readonly #names = new Map<string, string>()
  readonly #values = new Map<string, AttributeValue>()

  constructor(random: Random) {
    this.#random = random
  }

  /** The members of the request that the expressions need. */
  get parameters(): object {
    return {
      ...(this.#names.size > 0 && { ExpressionAttributeNames: Object.fromEntries(this.#names) }),
      ...(this.#values.size > 0 && { ExpressionAttributeValues: Object.fromEntries(this.#values) }),
    }
  }

  name(name: string): string {
    if (this.#random.chance(0.5)) return name
    this.#names.set(`#${name}`, name)
    return `#${name}`
  }

  value(value: AttributeValue): string {
    const placeholder = `:v${String(this.#values.size)}`
    this.#values.set(placeholder, value)
    return placeholder
  }

  path(name: string = this.#random.pick([...attributeNames, 'pk', 'sk', 'missing'])): string {
    let path = this.name(name)
    while (this.#random.chance(0.2)) {
      path += this.#random.chance(0.5)
        ? `.${this.name(this.#random.pick(['x', 'y', 'z']))}`
        : `[${String(this.#random.integer(4))}]`
    }
    return path
  }

  condition(depth = 2): string {
    const random = this.#random
    if (depth > 0 && random.chance(0.4)) {
      const inner = (): string => this.condition(depth - 1)
      return random.pick([
        () => `${inner()} AND ${inner()}`,
        () => `${inner()} OR ${inner()}`,
        () => `(${inner()}) OR (${inner()})`,
        () => `NOT ${inner()}`,
        () => `NOT (${inner()} AND ${inner()})`,
      ])()
    }
    return this.#predicate()
  }

  #predicate(): string {
    const random = this.#random
    const operators = ['=', '<>', '<', '<=', '>', '>=']
    return random.pick([
      () => `${this.#operand()} ${random.pick(operators)} ${this.#operand()}`,
      () => `${this.path()} ${random.pick(operators)} ${this.#any()}`,
      () => `${this.path()} BETWEEN ${this.#any()} AND ${this.#any()}`,
      () => `${this.path()} IN (${random.times(1 + random.integer(3), () => this.#any()).join(', ')})`,
      () => `attribute_exists(${this.path()})`,
      () => `attribute_not_exists(${this.path()})`,
      () =>
        `attribute_type(${this.path()}, ${this.value({ S: random.pick(['S', 'N', 'B', 'SS', 'L', 'M', 'NULL', 'X']) })})`,
      () => `begins_with(${this.path()}, ${this.#any()})`,
      () => `contains(${this.path()}, ${this.#any()})`,
      () => `size(${this.path()}) ${random.pick(operators)} ${this.value({ N: String(random.integer(4)) })}`,
    ])()
  }

  #any(): string {
    return this.value(randomValue(this.#random, 1))
  }

  #operand(): string {
    return this.#random.chance(0.6) ? this.path() : this.#any()
  }

  update(): string {
    const random = this.#random
    const sections = [
      () => `SET ${this.#list(() => `${this.#target()} = ${this.#assigned()}`)}`,
      () => `REMOVE ${this.#list(() => this.#target())}`,
      () => `ADD ${this.#list(() => `${this.#target()} ${this.#any()}`)}`,
      () => `DELETE ${this.#list(() => `${this.#target()} ${this.#any()}`)}`,
    ]
    const chosen = random.some(sections, 0.4)
    return (chosen.length === 0 ? [random.pick(sections)] : chosen).map((section) => section()).join(' ')
  }

  #target(): string {
    return this.#random.chance(0.01) ? this.path('pk') : this.path(this.#random.pick(attributeNames))
  }

  #assigned(): string {
    const random = this.#random
    const name = random.pick(attributeNames)
    return random.pick([
      () => this.value(randomAttribute(random, name)),
      () => this.value(randomAttribute(random, name)),
      () => this.path(),
      () => `${this.#operand()} ${random.pick(['+', '-'])} ${this.#operand()}`,
      () => `if_not_exists(${this.path()}, ${this.#operand()})`,
      () => `list_append(${this.#operand()}, ${this.#operand()})`,
      () => `if_not_exists(${this.path()}, ${this.value({ N: '1' })}) + ${this.value({ N: '1' })}`,
    ])()
  }

  projection(): string {
    return this.#list(() => this.path())
  }

  #list(make: () => string): string {
    return this.#random.times(1 + this.#random.integer(3), make).join(', ')
  }
}
