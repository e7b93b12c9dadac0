import { createAdapter, type Cursor, defineEntity, defineTable, type Page } from 'dynakit'
import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'

const Order = defineEntity({
  name: 'Order',
  table: defineTable({ name: 'Orders', partitionKey: { name: 'id', type: 'string' } }),
  attributes: { id: z.string(), total: z.number() },
})
const query = createAdapter().repository(Order).query()

test('pages lead both ways', async () => {
  const page = await query.select('total').take(2).execute()
  expectTypeOf(page).toEqualTypeOf<Page<{ total: number }>>()
  expectTypeOf(page.cursor).toEqualTypeOf<Cursor | undefined>()
  expectTypeOf(page.previousCursor).toEqualTypeOf<Cursor | undefined>()
  expectTypeOf(query.after(page.cursor).before(page.previousCursor)).toEqualTypeOf(query)
  // @ts-expect-error -- a cursor is text
  query.before(1)
})

test('what is read is not changed by how', () => {
  expectTypeOf(query.completeItems()).toEqualTypeOf(query)
  expectTypeOf(query.allowScan({ segments: 4 })).toEqualTypeOf(query)
  expectTypeOf(query.allowScan()).toEqualTypeOf(query)
  // @ts-expect-error -- a number of parts
  query.allowScan({ segments: '4' })
  // @ts-expect-error -- no such option
  query.allowScan({ parts: 4 })
  // @ts-expect-error -- no such field
  query.orderBy('totals')
})

test('explanations tell requests', () => {
  const { queries, requests, completedFromTable } = query.explain()
  expectTypeOf(queries).toEqualTypeOf<number>()
  expectTypeOf(requests.atLeast).toEqualTypeOf<number>()
  expectTypeOf(completedFromTable).toEqualTypeOf<readonly string[] | 'all' | undefined>()
})
