import { invalidExpression } from './expression-error.ts'
import type { TokenReader } from './token-reader.ts'

/** More levels than the 300 operators of an expression can use. */
const maximumDepth = 500

/**
 * Reads what stands in parentheses, and refuses pairs that enclose nothing but another pair.
 *
 * While it is in doubt whether an operand or a condition is being read, redundant parentheses are only noted:
 * a syntax error up to where that is decided comes first.
 */
export class Parentheses {
  readonly #reader: TokenReader
  #depth = 0
  #isInDoubt = false
  #isRedundant = false
  #last: unknown

  constructor(reader: TokenReader) {
    this.#reader = reader
  }

  /** Says that what follows may turn out to be one thing or another. */
  doubt(): void {
    this.#isInDoubt = true
  }

  /**
   * Says that what was read is what it was taken for.
   *
   * @throws ServiceError when parentheses in it were redundant.
   */
  decide(): void {
    this.#isInDoubt = false
    if (this.#isRedundant) throw this.#redundant()
  }

  /**
   * Reads a pair of parentheses, if one comes next.
   *
   * @param content - Reads what is inside.
   * @param identity - What makes two contents the same.
   * @returns The content, or undefined when no parenthesis comes next.
   * @throws ServiceError when the pair is redundant.
   */
  parse<Content extends object>(
    content: () => Content,
    identity: (content: Content) => unknown,
  ): Content | undefined {
    if (!this.#reader.takeSymbol('(')) return undefined
    return this.inside(() => {
      const inner = content()
      this.#reader.expectSymbol(')')
      if (identity(inner) === this.#last) this.#isRedundant = true
      this.#last = identity(inner)
      if (!this.#isInDoubt) this.decide()
      return inner
    })
  }

  /**
   * Reads something that is one level deeper.
   *
   * @throws ServiceError when that is deeper than any expression can be.
   */
  inside<Content>(content: () => Content): Content {
    this.#depth += 1
    if (this.#depth > maximumDepth) throw this.#redundant()
    const inner = content()
    this.#depth -= 1
    return inner
  }

  #redundant(): Error {
    return invalidExpression(this.#reader.kind, 'The expression has redundant parentheses;')
  }
}
