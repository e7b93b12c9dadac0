import { memberShape, type WireShape } from '../codec/wire-shape.ts'
import type { NativeItem } from '../codec/native-value.ts'
import { writeItem } from '../codec/write-json.ts'
import type { OperationName, WireInput } from './transport.ts'
import { requestShape } from './wire-shapes.ts'

/**
 * Writes a request as DynamoDB JSON.
 *
 * @param operation - The operation it is for.
 * @param input - The request, with JavaScript values where the API has attribute values.
 * @returns The body.
 * @throws ValidationError when a value cannot be stored.
 * @internal
 */
export function writeRequest(operation: OperationName, input: WireInput): string {
  return writeObject(input, requestShape(operation))
}

function write(value: unknown, shape: WireShape | undefined): string {
  if (shape === undefined || typeof value !== 'object' || value === null) return writePlain(value)
  if (shape === 'item') return writeItem(value as NativeItem)
  if (!('list' in shape)) return writeObject(value as Readonly<Record<string, unknown>>, shape)
  let text = ''
  for (const member of value as readonly unknown[])
    text += (text === '' ? '' : ',') + write(member, shape.list)
  return `[${text}]`
}

function writeObject(members: Readonly<Record<string, unknown>>, shape: WireShape): string {
  let text = ''
  for (const name in members) {
    const value = members[name]
    if (value === undefined) continue
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${write(value, memberShape(shape, name))}`
  }
  return `{${text}}`
}

const frozenTexts = new WeakMap<object, string>()

/** Compiled expressions share their frozen maps of names, so the text of those is kept. */
function writePlain(value: unknown): string {
  if (typeof value !== 'object' || value === null || !Object.isFrozen(value)) return JSON.stringify(value)
  let text = frozenTexts.get(value)
  if (text === undefined) {
    text = JSON.stringify(value)
    frozenTexts.set(value, text)
  }
  return text
}
