import {
  type Condition,
  createAdapter,
  Decimal,
  defineTable,
  type NativeItem,
  type NativeValue,
} from 'dynakit'
import { createTestTables, type TestTables } from 'dynakit/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { evaluate } from '../../src/expressions/evaluate.ts'
import { conditionBuilder } from '../../src/query-builder/condition-builder.ts'
import type { ConditionBuilder } from '../../src/query-builder/condition-builder.ts'

const Things = defineTable({
  name: 'Things',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'n', type: 'number' },
})

const values: readonly NativeValue[] = [
  'a',
  'ab',
  'abc',
  '',
  'é',
  '\u{1F600}',
  '\uFFFD',
  0,
  1,
  2.5,
  -1,
  2n ** 60n,
  Decimal.from('2.50000000000000000001'),
  true,
  false,
  null,
  new Uint8Array([1, 2]),
  new Uint8Array([1]),
  new Uint8Array([200]),
  new Set(['a', 'ab']),
  new Set([1, 2]),
  new Set([new Uint8Array([1])]),
  [],
  ['a', 1],
  [null, [1]],
  { x: 1 },
  { x: { y: 'a' } },
  {},
]

let tables: TestTables
const items: NativeItem[] = []
beforeAll(async () => {
  tables = await createTestTables(Things)
  let n = 0
  for (const a of values) {
    for (const b of [undefined, values[(n * 7 + 3) % values.length], a]) {
      const item = { pk: 'p', n: n++, a, ...(b !== undefined && { b }) }
      items.push(item)
      await tables.db.table('Things').put(item)
    }
  }
})
afterAll(() => tables.drop())

const e = conditionBuilder as unknown as ConditionBuilder<Record<string, never>> &
  ((...parameters: unknown[]) => Condition)
const path = fc.constantFrom('a', 'b', 'a.x', 'a.x.y', 'a[0]', 'b[1][0]', 'missing')
const value = fc.constantFrom(...values)
/** DynamoDB refuses some types of values for some operators before it looks at any item. */
const ordered = fc.constantFrom<NativeValue>(
  'a',
  'ab',
  'é',
  '\uFFFD',
  0,
  1,
  2.5,
  2n ** 60n,
  new Uint8Array([1, 2]),
)
const leaf = fc.oneof(
  fc
    .tuple(path, fc.constantFrom('=', '<>'), value)
    .map(([field, operator, operand]) => e(field, operator, operand)),
  fc
    .tuple(path, fc.constantFrom('<', '<=', '>', '>='), ordered)
    .map(([field, operator, operand]) => e(field, operator, operand)),
  fc.tuple(path, fc.constantFrom('exists', 'not_exists')).map(([field, operator]) => e(field, operator)),
  fc
    .tuple(path, fc.array(value, { minLength: 1, maxLength: 4 }))
    .map(([field, operand]) => e(field, 'in', operand)),
  fc
    .tuple(
      path,
      fc.constantFrom([0, 2], ['a', 'b'], [-1, 2n ** 61n], [new Uint8Array([1]), new Uint8Array([100])]),
    )
    .map(([field, operand]) => e(field, 'between', operand)),
  fc
    .tuple(path, fc.constantFrom('a', 'ab', '\u{1F600}', new Uint8Array([1])))
    .map(([field, operand]) => e(field, 'begins_with', operand)),
  fc
    .tuple(
      path,
      fc.constantFrom('contains', 'not_contains'),
      fc.constantFrom<NativeValue>('a', 'b', 1, null, new Uint8Array([1]), [1], '\uFFFD'),
    )
    .map(([field, operator, operand]) => e(field, operator, operand)),
  fc
    .tuple(path, fc.constantFrom('S', 'N', 'B', 'BOOL', 'NULL', 'L', 'M', 'SS', 'NS', 'BS'))
    .map(([field, operand]) => e(field, 'attribute_type', operand)),
  fc
    .tuple(fc.constantFrom('a', 'b'), fc.constantFrom('=', '<', '>='), fc.nat(4))
    .map(([field, operator, operand]) => e(`size(${field})`, operator, operand)),
  fc
    .tuple(path, fc.constantFrom('=', '<>', '<', '>='), fc.constantFrom('a', 'b', 'a.x'))
    .filter(([left, , right]) => left !== right)
    .map(([field, operator, other]) => e(field, operator, e.attribute(other as never))),
)
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((members) => e.and(members)),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((members) => e.or(members)),
    tie('condition').map((member) => e.not(member)),
  ),
}))

const runs = Number(process.env.DYNAKIT_FUZZ ?? '400')

test('conditions dynakit checks itself mean what they mean to DynamoDB', async () => {
  const db = createAdapter({ ...tables.clientConfig, table: Things })
  await fc.assert(
    fc.asyncProperty(condition, async (tree) => {
      const page = await db
        .query<{ n: number }>()
        .where('pk' as never, '=' as never, 'p' as never)
        .where(() => tree)
        .execute()
      const ours = items.filter((item) => evaluate(tree, item)).map((item) => item.n)
      expect(ours).toEqual(page.items.map((item) => item.n))
    }),
    { numRuns: runs, seed: 42 },
  )
  await db.close()
})
