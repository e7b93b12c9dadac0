import { isNativeNumber } from '../codec/native-types.ts'
import type { NativeItem, NativeValue } from '../codec/native-value.ts'
import { attributePath } from '../expressions/path.ts'
import { getItem } from '../operations/read/get-item.ts'
import type { Call } from './call.ts'
import { Executor } from './executor.ts'

/**
 * Reads an item for a write that depends on it: consistently, and with every digit of its numbers, however
 * the adapter reads them.
 *
 * @param executor - Carries the request.
 * @param tableName - The table.
 * @param key - The item's key.
 * @param names - Attributes to read; all when left out.
 * @param call - The call it belongs to.
 * @returns The stored item, if there is one.
 * @internal
 */
export async function readExactly(
  executor: Executor,
  tableName: string,
  key: NativeItem,
  names: Iterable<string> | undefined,
  call: Call,
): Promise<NativeItem | undefined> {
  const { settings, transport } = executor
  const exact =
    settings.numbers === 'rounded' ? new Executor(transport, { ...settings, numbers: 'exact' }) : executor
  const projection = names && [...new Set(names)].map(attributePath)
  const { item } = await exact.run(
    getItem,
    { operation: 'GetItem', tableName, key, projection, consistentRead: true },
    call,
  )
  return item
}

/**
 * Gives an item that was read exactly the numbers an ordinary read of the adapter gives.
 *
 * @internal
 */
export function asOrdinaryRead({ settings }: Executor, item: NativeItem): NativeItem {
  return settings.numbers === 'rounded' ? (rounded(item) as NativeItem) : item
}

function rounded(value: NativeValue | undefined): NativeValue | undefined {
  if (isNativeNumber(value)) return Number(value.toString())
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (value instanceof Set)
    return new Set([...(value as ReadonlySet<NativeValue>)].map(rounded)) as NativeValue
  if (Array.isArray(value)) return (value as readonly NativeValue[]).map(rounded) as NativeValue
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, rounded(member as NativeValue)]),
  )
}
