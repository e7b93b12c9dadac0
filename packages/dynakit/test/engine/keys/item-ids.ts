import type { NativeValue } from 'dynakit'
import type { Fields } from './model-keys.ts'
import type { EntitySpec } from './random-schema.ts'

/** Values of the fields that identify an item, as the application gives them. */
export function givenIds({ ids }: EntitySpec, number: number): Readonly<Record<string, unknown>> {
  const values: Readonly<Record<string, unknown>> = {
    text: `item ${String(number)} \u{1F600}`,
    // Beyond 2^53, where neighbours differ in the last digit only.
    number: number % 2 === 0 ? number : 2n ** 60n + BigInt(number),
    date: new Date(number),
    epoch: new Date(number * 1000),
    binary: new Uint8Array([1, number]),
  }
  return Object.fromEntries(ids.map(({ name, kind }) => [name, values[kind]]))
}

/** The same as they are stored. */
export function storedIds({ ids }: EntitySpec, given: Readonly<Record<string, unknown>>): Fields {
  return Object.fromEntries(
    ids.map(({ name, kind }): [string, NativeValue] => {
      const value = given[name]
      if (!(value instanceof Date)) return [name, value as NativeValue]
      return [name, kind === 'date' ? value.toISOString() : value.getTime() / 1000]
    }),
  )
}
