import type { OperationContext } from '../engine/operation-context.ts'
import type { TableDefinition } from './table-definition.ts'
import type { EncryptionInput } from './table-shapes.ts'

/**
 * Reads how a table is to be encrypted at rest, which is described and otherwise without effect.
 *
 * @param context - Whose key it is.
 * @param input - `SSESpecification`
 * @internal
 */
export function readEncryption(
  { region, accountId }: OperationContext,
  input: EncryptionInput | undefined,
): Pick<TableDefinition, 'sse'> {
  if (input?.Enabled !== true) return {}
  return {
    sse: {
      Status: 'ENABLED',
      SSEType: 'KMS',
      KMSMasterKeyArn: input.KMSMasterKeyId ?? `arn:aws:kms:${region}:${accountId}:alias/aws/dynamodb`,
    },
  }
}
