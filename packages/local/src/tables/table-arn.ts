import type { OperationContext } from '../engine/operation-context.ts'
import { ServiceError } from '../protocol/service-error.ts'

const arnPattern = /^arn:aws[a-z-]*:dynamodb:([a-z0-9-]+):(\d{12}):table\/([a-zA-Z0-9_.-]{3,255})$/

/**
 * Makes the ARN of a table.
 *
 * @internal
 */
export function tableArn(
  { region, accountId }: Pick<OperationContext, 'region' | 'accountId'>,
  name: string,
): string {
  return `arn:aws:dynamodb:${region}:${accountId}:table/${name}`
}

/**
 * Gives the name of the table that a request names by name or ARN.
 *
 * @param context - Who asks, and where.
 * @param nameOrArn - `TableName` or `ResourceArn`.
 * @returns The name, which is what was given unless that is an ARN.
 * @throws ServiceError when the table of an ARN is not the caller's.
 * @internal
 */
export function tableNameOf(
  context: Pick<OperationContext, 'region' | 'accountId'>,
  nameOrArn: string,
): string {
  if (!nameOrArn.startsWith('arn:')) return nameOrArn
  const [, , account, name] = arnPattern.exec(nameOrArn) ?? []
  if (name === undefined) return nameOrArn
  if (account !== context.accountId) {
    throw new ServiceError(
      'AccessDeniedException',
      `User: arn:aws:iam::${context.accountId}:root is not authorized to perform this operation on resource: ${nameOrArn}`,
    )
  }
  return name
}
