import { validationError } from '../protocol/service-error.ts'
import type { StreamDefinition } from './table-definition.ts'
import type { StreamInput } from './table-shapes.ts'

/**
 * Checks that a stream specification says a view exactly when it switches the stream on.
 *
 * @throws ServiceError when it does not.
 * @internal
 */
export function checkStreamInput(input: StreamInput | undefined): void {
  if (input?.StreamEnabled === true && input.StreamViewType === undefined) {
    throw validationError(
      'One or more parameter values were invalid: StreamViewType must be specified when StreamEnabled is true',
    )
  }
  if (input?.StreamEnabled === false && input.StreamViewType !== undefined) {
    throw validationError(
      'One or more parameter values were invalid: StreamViewType cannot be specified when StreamEnabled is false',
    )
  }
}

/**
 * Makes the stream of a table, if the specification asks for one.
 *
 * @param arn - ARN of the table.
 * @param input - The specification, checked.
 * @param now - The time.
 * @internal
 */
export function openStream(
  arn: string,
  input: StreamInput | undefined,
  now: number,
): { readonly stream?: StreamDefinition } {
  if (input?.StreamEnabled !== true || input.StreamViewType === undefined) return {}
  const label = new Date(now).toISOString().slice(0, -1)
  return {
    stream: {
      arn: `${arn}/stream/${label}`,
      label,
      view: input.StreamViewType,
      enabledAt: now,
      isEnabled: true,
    },
  }
}
