import { invalidParameter, validationError } from '../../protocol/service-error.ts'
import { typeOf, type AttributeType, type AttributeValue } from '../../values/attribute-value.ts'
import { checkValue } from '../../values/check-value.ts'
import { typeTexts } from '../type-text.ts'
import type { UpdateAction, UpdateNode } from '../update-node.ts'

/** What `AttributeUpdates` does to one attribute. */
export interface AttributeUpdate {
  readonly Action?: 'ADD' | 'PUT' | 'DELETE' | undefined
  readonly Value?: AttributeValue | undefined
}

const addable: readonly AttributeType[] = ['N', 'SS', 'NS', 'BS', 'L']
const deletable: readonly AttributeType[] = ['SS', 'NS', 'BS']

/**
 * Reads `AttributeUpdates`.
 *
 * @param updates - What to do, by attribute.
 * @returns It as an update.
 * @throws ServiceError for the first fault.
 * @internal
 */
export function readAttributeUpdates(updates: Readonly<Record<string, AttributeUpdate>>): UpdateNode {
  return {
    actions: Object.entries(updates).map(([name, update]) => readUpdate(name, update)),
    typeMismatch: 'Type mismatch for attribute to update',
  }
}

function readUpdate(name: string, { Action = 'PUT', Value }: AttributeUpdate): UpdateAction {
  if (name === '') throw validationError('Empty attribute name')
  if (Value === undefined) {
    if (Action === 'DELETE') return { type: 'remove', path: [name] }
    throw invalidParameter('Only DELETE action is allowed when no attribute value is specified')
  }
  const value = checkValue(Value)
  const type = typeOf(value)
  switch (Action) {
    case 'PUT':
      return { type: 'set', path: [name], value: { type: 'value', value } }
    case 'ADD':
      if (addable.includes(type)) return { type: 'add', path: [name], value }
      throw invalidParameter(`ADD action is not supported for the type ${typeTexts[type]}`)
    case 'DELETE':
      if (deletable.includes(type)) return { type: 'delete', path: [name], value }
      throw invalidParameter(`DELETE action with value is not supported for the type ${typeTexts[type]}`)
  }
}
