import { ConfigurationError } from '../errors/transport-errors.ts'

/** The part of the AWS SDK dynakit uses; loaded on first use only. */
export type AwsSdk = typeof import('@aws-sdk/client-dynamodb')

let loading: Promise<AwsSdk> | undefined

/**
 * Loads `@aws-sdk/client-dynamodb`.
 *
 * @returns The module.
 * @throws ConfigurationError when it is not installed.
 * @internal
 */
export function loadAwsSdk(): Promise<AwsSdk> {
  loading ??= import('@aws-sdk/client-dynamodb').catch((cause: unknown) => {
    loading = undefined
    throw new ConfigurationError(
      'The AWS SDK is needed here and is not installed. Run: npm install @aws-sdk/client-dynamodb',
      { cause },
    )
  })
  return loading
}
