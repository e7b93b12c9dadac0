/** Who sends a request. */
export interface CallContext {
  readonly accessKeyId: string
  readonly region: string
  /** Ends the wait for an answer that is delayed or withheld. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The one door of the engine: every protocol face sends its requests here.
 *
 * @param operation - Name of the operation, such as `GetItem`.
 * @param input - The request as the JSON protocol has it.
 * @param context - Who sends it.
 * @returns The answer as the JSON protocol has it. It shares items with the engine: read it, do not change it.
 * @throws ServiceError when DynamoDB would answer with an error, {@link LostAnswer} when there is to be none.
 */
export type Call = (
  operation: string,
  input: Readonly<Record<string, unknown>>,
  context: CallContext,
) => Promise<object>
