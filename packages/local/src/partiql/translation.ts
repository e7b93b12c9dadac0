import { Placeholders } from '../expressions/placeholders.ts'
import { validationError } from '../protocol/service-error.ts'
import type { AttributeValue } from '../values/attribute-value.ts'

/** The names and values that a statement's conditions and updates refer to, and its parameters. */
export class Translation {
  readonly #names = new Map<string, string>()
  readonly #values = new Map<string, AttributeValue>()
  readonly #parameters: readonly AttributeValue[]

  /**
   * @param parameters - The values of the question marks, checked.
   */
  constructor(parameters: readonly AttributeValue[]) {
    this.#parameters = parameters
  }

  /** The value of a question mark; an error when there is none. */
  parameter(index: number): AttributeValue {
    const value = this.#parameters[index]
    if (value === undefined) throw wrongParameters()
    return value
  }

  /** An error when there are more parameters than question marks. */
  checkParameters(count: number): void {
    if (this.#parameters.length > count) throw wrongParameters()
  }

  /** Makes a placeholder for a name. */
  nameOf(name: string): string {
    const placeholder = `#${String(this.#names.size)}`
    this.#names.set(placeholder, name)
    return placeholder
  }

  /** Makes a placeholder for a value. */
  valueOf(value: AttributeValue): string {
    const placeholder = `:${String(this.#values.size)}`
    this.#values.set(placeholder, value)
    return placeholder
  }

  /** What the placeholders stand for. */
  get placeholders(): Placeholders {
    return new Placeholders(this.#names, this.#values)
  }
}

function wrongParameters(): Error {
  return validationError("Number of parameters in request and statement don't match.")
}
