import type { OperationContext } from '../engine/operation-context.ts'
import { validationError } from '../protocol/service-error.ts'
import { findTableToChange } from '../tables/find-table.ts'
import { redefineTable } from '../tables/settle-tables.ts'
import { tableName } from '../tables/table-shapes.ts'
import { timeToLiveStatus } from '../tables/time-to-live.ts'
import { readInput } from '../validation/read-input.ts'
import { boolean, required, string, structure } from '../validation/shape.ts'

const shape = structure({
  TableName: required(tableName),
  TimeToLiveSpecification: required(
    structure({
      Enabled: required(boolean),
      AttributeName: required(string({ minimum: 1, maximum: 255 })),
    }),
  ),
})

/**
 * Switches on or off that items expire by the time in one of their attributes.
 *
 * @internal
 */
export function updateTimeToLive(
  context: OperationContext,
  input: Readonly<Record<string, unknown>>,
): object {
  const { TableName, TimeToLiveSpecification: specification } = readInput(shape, input)
  const { Enabled: isEnabled, AttributeName: attribute } = specification
  const { definition } = findTableToChange(context, TableName)
  const { timeToLive, formerTimeToLive: _former, ...table } = definition
  const status = timeToLiveStatus(definition, context)
  if (status === 'ENABLING' || status === 'DISABLING') {
    throw validationError('Time to live has been modified multiple times within a fixed interval')
  }
  if (isEnabled === (status === 'ENABLED')) {
    throw validationError(`TimeToLive is already ${isEnabled ? 'enabled' : 'disabled'}`)
  }
  if (!isEnabled && timeToLive?.attribute !== attribute) {
    throw validationError(
      `TimeToLive is active on a different AttributeName: current AttributeName is ${timeToLive?.attribute ?? ''}`,
    )
  }
  const setting = { attribute, changedAt: context.clock.now() }
  redefineTable(context.database, {
    ...table,
    ...(isEnabled ? { timeToLive: setting } : { formerTimeToLive: setting }),
  })
  return { TimeToLiveSpecification: specification }
}
