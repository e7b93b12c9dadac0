import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compilers, consumerConfig, makeScratch, runNode, type Scratch } from './scratch.ts'

let scratch: Scratch
beforeAll(() => {
  scratch = makeScratch()
  scratch.write('package.json', '{ "type": "module" }')
  scratch.link('@types/node', 'undici-types')
})
afterAll(() => {
  scratch.remove()
})

const program = `
const table = defineTable({ name: 'Shop', partitionKey: { name: 'pk', type: 'string' } })
const query = createAdapter({ endpoint: 'http://127.0.0.1:1', table }).table('Shop')
const run = async () => {
  try {
    await query.get({ pk: 'a' })
    return 'answered'
  } catch (error) {
    return [DynamoDBError.is(error), error.code, error.message].join(' ')
  }
}
run().then((result) => console.log(typeof startLocalEngine, result))
`

describe('the packed package, without any peer installed', () => {
  test('is used from ESM, and says which peer is missing when it is needed', () => {
    scratch.write(
      'main.mjs',
      `import { createAdapter, defineTable, DynamoDBError } from 'dynakit'
       import { startLocalEngine } from 'dynakit/testing'
       ${program}`,
    )
    const { output } = runNode(['main.mjs'], scratch.folder)
    expect(output).toContain('function true Configuration')
    expect(output).toContain('npm install @aws-sdk/client-dynamodb')
  })

  test('is used from CJS', () => {
    scratch.write(
      'main.cjs',
      `const { createAdapter, defineTable, DynamoDBError } = require('dynakit')
       const { startLocalEngine } = require('dynakit/testing')
       ${program}`,
    )
    const { output } = runNode(['main.cjs'], scratch.folder)
    expect(output).toContain('function true Configuration')
  })

  test('errors of the ESM copy are known by the CJS copy', () => {
    scratch.write(
      'both.mjs',
      `import { createRequire } from 'node:module'
       import * as esm from 'dynakit'
       const cjs = createRequire(import.meta.url)('dynakit')
       const error = new cjs.ItemNotFoundError('gone')
       console.log(error instanceof esm.ItemNotFoundError, esm.ItemNotFoundError.is(error), esm.Decimal.is(cjs.Decimal.from(1)))`,
    )
    expect(runNode(['both.mjs'], scratch.folder).output.trim()).toBe('false true true')
  })

  test('has nothing in it that does not belong there', () => {
    const manifest = JSON.parse(
      readFileSync(path.join(scratch.folder, 'node_modules/dynakit/package.json'), 'utf8'),
    ) as Record<string, unknown>
    // For the command line only: the programs above run without it.
    expect(manifest.dependencies).toEqual({ commander: expect.any(String) as string })
    expect(manifest).toMatchObject({ sideEffects: false, engines: { node: '>=20' } })
  })
})

const typed = `
import {
  createAdapter, defineEntity, defineTable, isoDate, type EntityItem, type StandardSchema, DynamoDBError, type Page,
} from 'dynakit'
import { createTestTables, startLocalEngine } from 'dynakit/testing'

declare function schema<Value>(): StandardSchema<Value, Value>
const table = defineTable({
  name: 'Shop',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
  indexes: { gsi1: { type: 'global', partitionKey: { name: 'gsi1pk', type: 'string' } } },
})
const Order = defineEntity({
  name: 'Order',
  table,
  attributes: {
    customerId: schema<string>(), orderId: schema<string>(), total: schema<number>(), placedAt: isoDate(),
    note: schema<string | undefined>(),
  },
  key: { partitionKey: 'C#{customerId}', sortKey: 'O#{orderId}' },
  indexes: { gsi1: { partitionKey: 'N#{note}' } },
  timestamps: true,
})
const db = createAdapter({ region: 'eu-west-1' })
const orders = db.repository(Order)
export async function main(): Promise<void> {
  const page: Page<{ orderId: string; total: number }> = await orders
    .query().where('customerId', '=', 'c').where('total', '>', 5).where((e) => e.not(e('note', 'exists')))
    .select('orderId', 'total').take(5).execute()
  const item: EntityItem<typeof Order> | undefined = await orders.get({ customerId: 'c', orderId: 'o' })
  const changed: Date = (await orders.update({ customerId: 'c', orderId: 'o' }).set({ total: 5 }).execute()).updatedAt
  console.log(page.items, item, changed)
}
// @ts-expect-error unknown field
orders.query().where('totl', '=', 1)
// @ts-expect-error unknown attribute in a template
defineEntity({ name: 'X', table, attributes: { id: schema<string>() }, key: { partitionKey: 'X#{idd}', sortKey: 'X' } })
export const isOurs: boolean = DynamoDBError.is(new Error())
export const parts = [createTestTables, startLocalEngine]
`

describe.each(Object.keys(compilers))('TypeScript %s', (version) => {
  const compile = (): string =>
    runNode([compilers[version] ?? '', '-p', scratch.folder], scratch.folder).output

  test.each(['main.ts', 'main.cts'])('accepts a program: %s', (name) => {
    scratch.write(name, typed)
    scratch.write('tsconfig.json', consumerConfig({}, [name]))
    expect(compile()).toBe('')
  })
})
