import type { StoredType } from './attribute-codec.ts'
import type { StandardSchema } from './standard-schema.ts'

interface JsonSchema {
  readonly type?: unknown
}

/** The part of the Standard JSON Schema convention that is needed; zod 4.2+ and arktype 2.1.28+ have it. */
interface WithJsonSchema {
  readonly '~standard': {
    readonly jsonSchema?: { readonly output?: (options: { readonly target: string }) => JsonSchema }
  }
}

const storedTypes: ReadonlyMap<unknown, StoredType> = new Map<unknown, StoredType>([
  ['string', 'string'],
  ['number', 'number'],
  ['integer', 'number'],
  ['boolean', 'boolean'],
  ['array', 'list'],
  ['object', 'map'],
])

/**
 * Asks a schema which DynamoDB type its values have.
 *
 * @param schema - Any Standard Schema.
 * @returns The type, or `undefined` when the schema cannot tell.
 * @internal
 */
export function schemaStoredType(schema: StandardSchema): StoredType | undefined {
  const describe = (schema as WithJsonSchema)['~standard'].jsonSchema?.output
  if (!describe) return undefined
  try {
    return storedTypes.get(describe({ target: 'draft-2020-12' }).type)
  } catch {
    // Values JSON has no type for, such as bigint; the check when a key is made remains.
    return undefined
  }
}
