import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { Decimal, type NativeItem, type NativeValue } from 'dynakit'
import { expect } from 'vitest'
import { canonical } from './canonical.ts'
import type { SchemaSpec } from './random-schema.ts'

/**
 * Checks that every index holds the items it must, under the right keys, as the engine itself says.
 *
 * @param items - All items of the table, as they must be stored.
 */
export async function checkIndexes(
  client: DynamoDBClient,
  tableName: string,
  schema: SchemaSpec,
  items: readonly NativeItem[],
): Promise<void> {
  const tableKey = schema.hasSortKey ? ['pk', 'sk'] : ['pk']
  for (const { name, partitionKey, sortKey } of schema.indexes) {
    const names = [...tableKey, ...partitionKey, ...sortKey]
    expect(await heldBy(client, tableName, name, names)).toEqual(heldIn(items, names))
  }
}

async function heldBy(
  client: DynamoDBClient,
  tableName: string,
  indexName: string,
  names: readonly string[],
): Promise<string[]> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new ScanCommand({ TableName: tableName, IndexName: indexName }),
  )
  expect(LastEvaluatedKey).toBeUndefined()
  return Items.map((item) => keyText(names.map((name) => nativeOf(item[name])))).sort()
}

function nativeOf(value: AttributeValue | undefined): NativeValue | undefined {
  return value?.N === undefined ? (value?.S ?? value?.B) : Decimal.from(value.N)
}

function heldIn(items: readonly NativeItem[], names: readonly string[]): string[] {
  return items
    .filter((item) => names.every((name) => item[name] !== undefined))
    .map((item) => keyText(names.map((name) => item[name])))
    .sort()
}

function keyText(values: readonly (NativeValue | undefined)[]): string {
  return JSON.stringify(values.map(canonical))
}
