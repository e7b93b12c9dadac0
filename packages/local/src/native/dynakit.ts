/**
 * The part of dynakit that its transport needs: its decimals, and its errors. dynakit is not imported by name
 * anywhere else, and only when one of its adapters sends the first request.
 */
export interface Dynakit {
  readonly Decimal: { from(text: string): NativeDecimal }
  readonly AbortedError: DynakitErrorClass
  readonly AccessDeniedError: DynakitErrorClass
  readonly ConditionalCheckFailedError: DynakitErrorClass
  readonly ConfigurationError: DynakitErrorClass
  readonly CredentialsError: DynakitErrorClass
  readonly IndexNotFoundError: DynakitErrorClass
  readonly NetworkError: DynakitErrorClass
  readonly ProvisionedThroughputExceededError: DynakitErrorClass
  readonly RequestLimitExceededError: DynakitErrorClass
  readonly ServiceError: DynakitErrorClass
  readonly TableInUseError: DynakitErrorClass
  readonly TableNotFoundError: DynakitErrorClass
  readonly ThrottlingError: DynakitErrorClass
  readonly TimeoutError: DynakitErrorClass
  readonly TransactionCanceledError: DynakitErrorClass
  readonly TransactionConflictError: DynakitErrorClass
  readonly ValidationError: DynakitErrorClass
}

/** An error class of dynakit. */
type DynakitErrorClass = new (message: string, options: Readonly<Record<string, unknown>>) => DynakitError

/** An error of dynakit. */
export interface DynakitError extends Error {
  readonly code: string
}

/** A number of dynakit's that JavaScript has no type for. */
export interface NativeDecimal {
  readonly '~decimal': true
  toString(): string
}

const packageName = 'dynakit'
let loading: Promise<Dynakit> | undefined

/**
 * Loads dynakit, the optional peer.
 *
 * @throws Error when it is not installed.
 * @internal
 */
export function loadDynakit(): Promise<Dynakit> {
  loading ??= (import(packageName) as Promise<Dynakit>).catch((cause: unknown) => {
    loading = undefined
    throw new Error(
      'engine.transport() is for adapters of dynakit, and dynakit cannot be loaded: npm install dynakit',
      {
        cause,
      },
    )
  })
  return loading
}
