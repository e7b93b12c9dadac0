import { DynamoDBError, type DynamoDBErrorOptions } from './dynamodb-error.ts'

/** Thrown when the table does not exist in the account and region that were addressed. */
export class TableNotFoundError extends DynamoDBError {
  static override readonly kind: string = 'TableNotFoundError'
}

/** Thrown when a table operation meets a table that exists already or is still being changed. */
export class TableInUseError extends DynamoDBError {
  static override readonly kind: string = 'TableInUseError'
}

/** What a missing index adds to an error. */
export interface IndexNotFoundOptions extends DynamoDBErrorOptions {
  /** The index that was asked for. */
  readonly indexName?: string | undefined
}

/** Thrown when an operation names an index the table does not have. */
export class IndexNotFoundError extends DynamoDBError {
  static override readonly kind: string = 'IndexNotFoundError'

  /** The index that was asked for, when known. */
  declare readonly indexName: string | undefined

  constructor(message: string, options: IndexNotFoundOptions = {}) {
    super(message, options)
    if (options.indexName !== undefined) this.indexName = options.indexName
  }
}
