import { toIsoText } from '../codec/iso-text.ts'
import type { NativeValue } from '../codec/native-value.ts'
import type { AttributeCodec } from './attribute-codec.ts'
import type { EntityOptions } from './entity-types.ts'

/** Names of the attributes an entity keeps by itself; `undefined` for those it does not have. */
export interface KeptAttributes {
  readonly createdAt: string | undefined
  readonly updatedAt: string | undefined
  readonly version: string | undefined
  /** Time of the soft deletion; missing on items that are not deleted. */
  readonly deletedAt: string | undefined
}

/**
 * Reads which attributes an entity keeps by itself.
 *
 * @param options - The definition.
 * @returns Their names.
 * @internal
 */
export function keptAttributes(options: EntityOptions): KeptAttributes {
  return {
    createdAt: timestampName(options, 'createdAt'),
    updatedAt: timestampName(options, 'updatedAt'),
    version: nameOf(options.version, 'version'),
    deletedAt: nameOf(options.softDelete, 'deletedAt'),
  }
}

function timestampName({ timestamps }: EntityOptions, which: 'createdAt' | 'updatedAt'): string | undefined {
  if (timestamps === true) return which
  return timestamps ? timestamps[which] : undefined
}

function nameOf(option: boolean | string | undefined, usual: string): string | undefined {
  if (option === true) return usual
  return typeof option === 'string' ? option : undefined
}

/**
 * How kept times are stored: as `isoDate()` stores them.
 *
 * @internal
 */
export const keptDateCodec: AttributeCodec<unknown, NativeValue> = {
  storedType: 'string',
  encode: (date) => toIsoText(date as Date),
  decode: (text) => new Date(text as string),
}
