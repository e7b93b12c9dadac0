import { validationError } from '../protocol/service-error.ts'
import type { AttributeValue } from '../values/attribute-value.ts'
import { checkValue } from '../values/check-value.ts'
import { hasPossibleScale } from './statement-token.ts'

const number = /^[+-]?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/
const maximumMagnitude = 2 ** 31 - 1
/** Deeper values have another error. */
const maximumDepth = 40

/**
 * Checks the parameters of a statement, and normalises their numbers. Numbers are read as Java reads them.
 *
 * @param parameters - `Parameters`
 * @throws ServiceError when one is no proper value.
 * @internal
 */
export function checkParameters(
  parameters: readonly AttributeValue[] | undefined,
): readonly AttributeValue[] {
  return (parameters ?? []).map((parameter) => {
    checkNumbers(parameter, 0)
    return checkValue(parameter)
  })
}

function checkNumbers(value: AttributeValue, depth: number): void {
  if (depth > maximumDepth) return
  if ('N' in value) checkNumber(value.N)
  else if ('NS' in value) value.NS.forEach(checkNumber)
  else if ('L' in value) for (const member of value.L) checkNumbers(member, depth + 1)
  else if ('M' in value) for (const member of Object.values(value.M)) checkNumbers(member, depth + 1)
}

function checkNumber(text: string): void {
  const [, integer = '', fraction = '', exponent] = number.exec(text) ?? []
  if (exponent === undefined) return
  if (!hasPossibleScale(text)) {
    throw validationError(`The parameter cannot be converted to a numeric value: ${text}`)
  }
  const digits = (integer + fraction).replace(/^0+/, '').length
  if (digits - fraction.length + Number(exponent) > maximumMagnitude) {
    throw validationError(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    )
  }
}
