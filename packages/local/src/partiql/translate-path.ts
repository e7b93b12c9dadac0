import type { PathSyntax } from '../expressions/syntax.ts'
import type { Expression, PathExpression, PathStep } from './expression.ts'
import { errorAt } from './statement-error.ts'
import type { StatementToken } from './statement-token.ts'
import type { Translation } from './translation.ts'

const maximumIndex = 2 ** 31 - 1

/**
 * Makes a document path of a path.
 *
 * @param path - The path.
 * @param translation - The statement it stands in.
 * @throws ServiceError when there is something in it that document paths do not have.
 * @internal
 */
export function translatePath({ token, steps }: PathExpression, translation: Translation): PathSyntax {
  const elements = steps.map((step) => {
    const element = translateStep(step)
    return typeof element === 'string' ? translation.nameOf(element) : element
  })
  return { type: 'path', elements: [translation.nameOf(token.text), ...elements] }
}

function translateStep(step: PathStep): string | number {
  switch (step.type) {
    case 'name':
      return step.name
    case 'unpivot':
      throw errorAt('Unpivot path component like a.*.b are not supported', step.token)
    case 'wildcard':
      throw errorAt('Wildcard path component like a[*].b are not supported', step.token)
    case 'index':
      return translateIndex(step.index)
  }
}

function translateIndex(index: Expression): string | number {
  if (index.type === 'string') return index.text
  if (index.type === 'path' && index.steps.length === 0) return index.token.text
  if (index.type !== 'number' || !/^-?\d+$/.test(index.text)) throw unexpectedComponent(index.token)
  const number = Number(index.text)
  if (number < 0 || number > maximumIndex) {
    throw errorAt(`List index is not within the allowable range; index: [${index.text}]`, index.token)
  }
  // There is no negative zero among indexes.
  return Math.abs(number)
}

/**
 * Makes the error of something that stands where only paths can.
 *
 * @internal
 */
export function unexpectedComponent(token: StatementToken): Error {
  return errorAt('Unexpected path component', token)
}
