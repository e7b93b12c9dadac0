import type { ServiceError } from '../protocol/service-error.ts'
import { validationError } from '../protocol/service-error.ts'
import type { AttributeValue } from '../values/attribute-value.ts'
import { javaSetOrder } from '../values/java-set-order.ts'

/** The names and values an expression refers to, and which of them no expression has used so far. */
export class Placeholders {
  readonly #names: ReadonlyMap<string, string>
  readonly #values: ReadonlyMap<string, AttributeValue>
  readonly #usedNames = new Set<string>()
  readonly #usedValues = new Set<string>()

  /**
   * @param names - `ExpressionAttributeNames`, checked.
   * @param values - `ExpressionAttributeValues`, checked and with numbers normalised.
   */
  constructor(names: ReadonlyMap<string, string>, values: ReadonlyMap<string, AttributeValue>) {
    this.#names = names
    this.#values = values
  }

  /** The attribute name a `#` placeholder stands for. */
  name(placeholder: string): string | undefined {
    this.#usedNames.add(placeholder)
    return this.#names.get(placeholder)
  }

  /** The value a `:` placeholder stands for. */
  value(placeholder: string): AttributeValue | undefined {
    this.#usedValues.add(placeholder)
    return this.#values.get(placeholder)
  }

  /** The error DynamoDB has for placeholders that no expression used, if there are any. */
  get unused(): ServiceError | undefined {
    return (
      unusedError('ExpressionAttributeNames', this.#names, this.#usedNames) ??
      unusedError('ExpressionAttributeValues', this.#values, this.#usedValues)
    )
  }
}

function unusedError(
  parameter: string,
  given: ReadonlyMap<string, unknown>,
  used: ReadonlySet<string>,
): ServiceError | undefined {
  const unused = [...given.keys()].filter((placeholder) => !used.has(placeholder))
  if (unused.length === 0) return undefined
  const keys = javaSetOrder(unused).join(', ')
  return validationError(`Value provided in ${parameter} unused in expressions: keys: {${keys}}`)
}
