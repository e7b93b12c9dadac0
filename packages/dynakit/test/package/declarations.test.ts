import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compilers, consumerConfig, makeScratch, runNode, type Scratch } from './scratch.ts'

let scratch: Scratch
beforeAll(() => {
  scratch = makeScratch()
  scratch.write('package.json', '{ "type": "module" }')
  scratch.link('zod', '@types/node', 'undici-types')
})
afterAll(() => {
  scratch.remove()
})

test.each(['5.4', '5.9', '7.0'])(
  'the types of a library built on dynakit can be named in its declarations, TypeScript %s (toolbox#631)',
  (version) => {
    scratch.write(
      'main.ts',
      `import { createAdapter, defineEntity, defineTable, isoDate } from 'dynakit'
       import { z } from 'zod'
       const table = defineTable({ name: 'Shop', partitionKey: { name: 'pk', type: 'string' } })
       export const Order = defineEntity({
         name: 'Order', table, timestamps: true,
         attributes: { id: z.string(), total: z.number().optional(), placedAt: isoDate() },
         key: { partitionKey: 'O#{id}' },
       })
       export const db = createAdapter()
       export const orders = db.repository(Order)
       export const find = (id: string) => orders.query().where('id', '=', id).select('id', 'total').take(1)
       export const change = (id: string) => orders.update({ id }).set({ total: 5 }).returning('old')`,
    )
    scratch.write(
      'tsconfig.json',
      consumerConfig({ noEmit: false, declaration: true, outDir: 'out', skipLibCheck: true }),
    )
    expect(runNode([compilers[version] ?? '', '-p', scratch.folder], scratch.folder).output).toBe('')
    const declared = readFileSync(path.join(scratch.folder, 'out/main.d.ts'), 'utf8')
    expect(declared).toContain('Order: import("dynakit").Entity<')
    scratch.write(
      'main.ts',
      `import { type EntityItem } from 'dynakit'
       import { find, Order, orders } from './out/main.js'
       export const item: EntityItem<typeof Order> = { id: 'a', placedAt: new Date(), createdAt: new Date(), updatedAt: new Date() }
       export const first: Promise<{ id: string; total?: number | undefined } | undefined> = find('a').first()
       // @ts-expect-error unknown field
       orders.query().where('idd', '=', 'x')`,
    )
    scratch.write('tsconfig.json', consumerConfig({ skipLibCheck: true }))
    expect(runNode([compilers[version] ?? '', '-p', scratch.folder], scratch.folder).output).toBe('')
  },
)
