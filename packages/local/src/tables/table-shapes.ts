import {
  boolean,
  integer,
  list,
  oneOf,
  required,
  string,
  structure,
  type Shape,
} from '../validation/shape.ts'

const namePattern = '[a-zA-Z0-9_.-]+'

/** The name of a table to be created, or of an index. */
export const newName: Shape<string> = string({ minimum: 3, maximum: 255, pattern: namePattern })

/** The name of a table that exists, in requests for items. ARNs are accepted too; see tableNameOf. */
export const tableName: Shape<string> = string({
  minimum: 1,
  maximum: 255,
  pattern: namePattern,
  unless: /^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\//,
})

const attributeName = string({ minimum: 1, maximum: 255 })

/** `AttributeDefinitions` */
export const attributeDefinitions: Shape<readonly AttributeDefinitionInput[]> = list(
  structure(
    { AttributeName: required(attributeName), AttributeType: required(oneOf('B', 'N', 'S')) },
    'AttributeDefinition',
  ),
)

/** An element of `AttributeDefinitions`. */
export interface AttributeDefinitionInput {
  readonly AttributeName: string
  readonly AttributeType: 'B' | 'N' | 'S'
}

/** An element of `KeySchema`. */
export interface KeySchemaElement {
  readonly AttributeName: string
  readonly KeyType: 'HASH' | 'RANGE'
}

const keySchemaElement = structure(
  { AttributeName: required(attributeName), KeyType: required(oneOf('HASH', 'RANGE')) },
  'KeySchemaElement',
)

/** `KeySchema` of a table or local index. */
export const keySchema: Shape<readonly KeySchemaElement[]> = list(keySchemaElement, {
  minimum: 1,
  maximum: 2,
})

const multiAttributeKeySchema = list(keySchemaElement, { minimum: 1, maximum: 8 })

/** `Projection` */
export interface ProjectionInput {
  readonly ProjectionType?: 'ALL' | 'INCLUDE' | 'KEYS_ONLY' | undefined
  readonly NonKeyAttributes?: readonly string[] | undefined
}

const projection: Shape<ProjectionInput> = structure(
  {
    ProjectionType: oneOf('ALL', 'INCLUDE', 'KEYS_ONLY'),
    NonKeyAttributes: list(attributeName, { minimum: 1, maximum: 20 }),
  },
  'Projection',
)

/** `ProvisionedThroughput` */
export interface ThroughputInput {
  readonly ReadCapacityUnits: number
  readonly WriteCapacityUnits: number
}

/** `ProvisionedThroughput` */
export const provisionedThroughput: Shape<ThroughputInput> = structure(
  {
    ReadCapacityUnits: required(integer({ minimum: 1 })),
    WriteCapacityUnits: required(integer({ minimum: 1 })),
  },
  'ProvisionedThroughput',
)

/** `OnDemandThroughput` */
export interface OnDemandInput {
  readonly MaxReadRequestUnits?: number | undefined
  readonly MaxWriteRequestUnits?: number | undefined
}

/** `OnDemandThroughput` */
export const onDemandThroughput: Shape<OnDemandInput> = structure(
  { MaxReadRequestUnits: integer(), MaxWriteRequestUnits: integer() },
  'OnDemandThroughput',
)

/** `WarmThroughput` */
export interface WarmInput {
  readonly ReadUnitsPerSecond?: number | undefined
  readonly WriteUnitsPerSecond?: number | undefined
}

/** `WarmThroughput` */
export const warmThroughput: Shape<WarmInput> = structure(
  { ReadUnitsPerSecond: integer({ minimum: 1 }), WriteUnitsPerSecond: integer({ minimum: 1 }) },
  'WarmThroughput',
)

/** An element of `LocalSecondaryIndexes`. */
export interface LocalIndexInput {
  readonly IndexName: string
  readonly KeySchema: readonly KeySchemaElement[]
  readonly Projection: ProjectionInput
}

/** `LocalSecondaryIndexes` */
export const localIndexes: Shape<readonly LocalIndexInput[]> = list(
  structure(
    { IndexName: required(newName), KeySchema: required(keySchema), Projection: required(projection) },
    'LocalSecondaryIndex',
  ),
)

/** An element of `GlobalSecondaryIndexes`. */
export interface GlobalIndexInput extends LocalIndexInput {
  readonly ProvisionedThroughput?: ThroughputInput | undefined
  readonly OnDemandThroughput?: OnDemandInput | undefined
  readonly WarmThroughput?: WarmInput | undefined
}

/** An element of `GlobalSecondaryIndexes`. */
export const globalIndex: Shape<GlobalIndexInput> = structure(
  {
    IndexName: required(newName),
    KeySchema: required(multiAttributeKeySchema),
    Projection: required(projection),
    ProvisionedThroughput: provisionedThroughput,
    OnDemandThroughput: onDemandThroughput,
    WarmThroughput: warmThroughput,
  },
  'GlobalSecondaryIndex',
)

/** `BillingMode` */
export const billingMode: Shape<'PROVISIONED' | 'PAY_PER_REQUEST'> = oneOf('PROVISIONED', 'PAY_PER_REQUEST')

/** `TableClass` */
export const tableClass: Shape<'STANDARD' | 'STANDARD_INFREQUENT_ACCESS'> = oneOf(
  'STANDARD',
  'STANDARD_INFREQUENT_ACCESS',
)

/** `StreamSpecification` */
export interface StreamInput {
  readonly StreamEnabled: boolean
  readonly StreamViewType?: 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES' | 'KEYS_ONLY' | undefined
}

/** `StreamSpecification` */
export const streamSpecification: Shape<StreamInput> = structure(
  {
    StreamEnabled: required(boolean),
    StreamViewType: oneOf('NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY'),
  },
  'StreamSpecification',
)

/** `SSESpecification` */
export interface EncryptionInput {
  readonly Enabled?: boolean | undefined
  readonly SSEType?: 'AES256' | 'KMS' | undefined
  readonly KMSMasterKeyId?: string | undefined
}

/** `SSESpecification` */
export const encryptionSpecification: Shape<EncryptionInput> = structure(
  { Enabled: boolean, SSEType: oneOf('AES256', 'KMS'), KMSMasterKeyId: string() },
  'SSESpecification',
)

/** A tag of a table. */
export interface Tag {
  readonly Key: string
  readonly Value: string
}

/** `Tags` */
export const tags: Shape<readonly Tag[]> = list(
  structure(
    { Key: required(string({ minimum: 1, maximum: 128 })), Value: required(string({ maximum: 256 })) },
    'Tag',
  ),
)
