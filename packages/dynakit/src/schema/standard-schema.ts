/**
 * Any validator that follows the Standard Schema convention: zod, valibot, arktype and others.
 *
 * Only the part dynakit uses is spelled out here, so that no validator library appears in its types.
 * See https://standardschema.dev.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  /** The schema's contract. */
  readonly '~standard': {
    /** Version of the convention. */
    readonly version: 1
    /** Library that made the schema. */
    readonly vendor: string
    /** Checks a value; may answer later. */
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
    /** Types, for inference only. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

/** What a schema answers: the value it accepts, or what is wrong. */
export type SchemaResult<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] }

/** One complaint of a schema. */
export interface SchemaIssue {
  /** The schema's own words; may quote the value. */
  readonly message: string
  /** Where in the value, from its root. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** The attributes of an entity, each with its schema. */
export interface AttributeSchemas {
  // `any` on purpose: `unknown` would make every schema's variance be compared.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly [name: string]: StandardSchema<any, any>
}

/** Type a schema accepts. */
export type InputOf<Schema> = Schema extends {
  readonly '~standard': { readonly types?: { readonly input: infer Input } | undefined }
}
  ? Input
  : never

/** Type a schema gives. */
export type OutputOf<Schema> = Schema extends {
  readonly '~standard': { readonly types?: { readonly output: infer Output } | undefined }
}
  ? Output
  : never
