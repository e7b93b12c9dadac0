/**
 * Writes the same model in each library: 20 attributes, a key of two templates, two indexes, and five
 * queries per entity.
 */

export type Library = 'dynakit' | 'electrodb' | 'dynamodb-toolbox'

const attributeCount = 18
const kinds = ['string', 'number', 'boolean', 'set', 'enum', 'optional'] as const
type Kind = (typeof kinds)[number]

function attributes(entity: number, write: (name: string, kind: Kind) => string): string {
  return Array.from({ length: attributeCount }, (_, at) =>
    write(`f${String(entity)}_${String(at)}`, kinds[at % kinds.length] ?? 'string'),
  ).join('\n')
}

/** The source of a program with a number of entities. */
export function writeModel(library: Library, entities: number): string {
  const { head, entity } = writers[library]
  return head + Array.from({ length: entities }, (_, at) => entity(at)).join('\n')
}

interface Writer {
  readonly head: string
  readonly entity: (at: number) => string
}

const zodKinds: Readonly<Record<Kind, string>> = {
  string: 'z.string()',
  number: 'z.number()',
  boolean: 'z.boolean()',
  set: 'z.set(z.string()).optional()',
  enum: "z.enum(['a', 'b'])",
  optional: 'z.string().optional()',
}

const electroKinds: Readonly<Record<Kind, string>> = {
  string: "{ type: 'string', required: true }",
  number: "{ type: 'number', required: true }",
  boolean: "{ type: 'boolean', required: true }",
  set: "{ type: 'set', items: 'string' }",
  enum: "{ type: ['a', 'b'] as const, required: true }",
  optional: "{ type: 'string' }",
}

const toolboxKinds: Readonly<Record<Kind, string>> = {
  string: 'string()',
  number: 'number()',
  boolean: 'boolean()',
  set: 'set(string()).optional()',
  enum: "string().enum('a', 'b')",
  optional: 'string().optional()',
}

const writers: Readonly<Record<Library, Writer>> = {
  dynakit: {
    head: `import { createAdapter, defineEntity, defineTable } from 'dynakit'
import { z } from 'zod'
const db = createAdapter()
const table = defineTable({
  name: 'Table',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
  indexes: {
    one: { type: 'global', partitionKey: { name: 'onepk', type: 'string' }, sortKey: { name: 'onesk', type: 'string' } },
    two: { type: 'global', partitionKey: { name: 'twopk', type: 'string' }, sortKey: { name: 'twosk', type: 'string' } },
  },
})
`,
    entity: (at) => {
      const n = String(at)
      return `export const E${n} = defineEntity({
  name: 'E${n}',
  table,
  attributes: {
    customerId: z.string(),
    orderId: z.string(),
${attributes(at, (name, kind) => `    ${name}: ${zodKinds[kind]},`)}
  },
  key: { partitionKey: 'C#{customerId}', sortKey: 'O#{orderId}' },
  indexes: {
    one: { partitionKey: 'S#{f${n}_0}', sortKey: 'O#{orderId}' },
    two: { partitionKey: 'E#{f${n}_4}', sortKey: 'O#{orderId}' },
  },
})
const r${n} = db.repository(E${n})
export const a${n} = await r${n}.get({ customerId: 'a', orderId: 'b' })
export const b${n} = await r${n}.query().where('customerId', '=', 'x').where('f${n}_1', '>', 3).select('orderId', 'f${n}_1').take(10).execute()
export const c${n} = await r${n}.query().where('f${n}_4', '=', 'a').execute()
export const d${n} = await r${n}.query().where('f${n}_0', '=', 'a').where('f${n}_3', 'contains', 'q').execute()
export const e${n} = await r${n}.query().where('customerId', '=', 'x').where('f${n}_1', 'between', [1, 2]).take(2).execute()
`
    },
  },
  electrodb: {
    head: `import { Entity } from 'electrodb'
const table = 'Table'
`,
    entity: (at) => {
      const n = String(at)
      return `export const E${n} = new Entity({
  model: { entity: 'E${n}', version: '1', service: 's' },
  attributes: {
    customerId: { type: 'string', required: true },
    orderId: { type: 'string', required: true },
${attributes(at, (name, kind) => `    ${name}: ${electroKinds[kind]},`)}
  },
  indexes: {
    primary: { pk: { field: 'pk', composite: ['customerId'] }, sk: { field: 'sk', composite: ['orderId'] } },
    one: { index: 'one', pk: { field: 'onepk', composite: ['f${n}_0'] }, sk: { field: 'onesk', composite: ['orderId'] } },
    two: { index: 'two', pk: { field: 'twopk', composite: ['f${n}_4'] }, sk: { field: 'twosk', composite: ['orderId'] } },
  },
}, { table })
export const a${n} = await E${n}.get({ customerId: 'a', orderId: 'b' }).go()
export const b${n} = await E${n}.query.primary({ customerId: 'x' }).where((f, op) => op.gt(f.f${n}_1, 3)).go({ attributes: ['orderId', 'f${n}_1'], limit: 10 })
export const c${n} = await E${n}.query.two({ f${n}_4: 'a' }).go()
export const d${n} = await E${n}.query.one({ f${n}_0: 'a' }).where((f, op) => op.contains(f.f${n}_3, 'q')).go()
export const e${n} = await E${n}.query.primary({ customerId: 'x' }).where((f, op) => op.between(f.f${n}_1, 1, 2)).go({ limit: 2 })
`
    },
  },
  'dynamodb-toolbox': {
    head: `import { Entity } from 'dynamodb-toolbox/entity'
import { Table } from 'dynamodb-toolbox/table'
import { item } from 'dynamodb-toolbox/schema/item'
import { string } from 'dynamodb-toolbox/schema/string'
import { number } from 'dynamodb-toolbox/schema/number'
import { boolean } from 'dynamodb-toolbox/schema/boolean'
import { set } from 'dynamodb-toolbox/schema/set'
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get'
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query'
const table = new Table({
  name: 'Table',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
  indexes: {
    one: { type: 'global', partitionKey: { name: 'onepk', type: 'string' }, sortKey: { name: 'onesk', type: 'string' } },
    two: { type: 'global', partitionKey: { name: 'twopk', type: 'string' }, sortKey: { name: 'twosk', type: 'string' } },
  },
})
`,
    entity: (at) => {
      const n = String(at)
      return `export const E${n} = new Entity({
  name: 'E${n}',
  table,
  schema: item({
    customerId: string().key(),
    orderId: string().key(),
${attributes(at, (name, kind) => `    ${name}: ${toolboxKinds[kind]},`)}
  }).and((schema) => ({
    onepk: string().link<typeof schema>(({ f${n}_0 }) => \`S#\${f${n}_0}\`),
    onesk: string().link<typeof schema>(({ orderId }) => \`O#\${orderId}\`),
    twopk: string().link<typeof schema>(({ f${n}_4 }) => \`E#\${f${n}_4}\`),
    twosk: string().link<typeof schema>(({ orderId }) => \`O#\${orderId}\`),
  })),
  computeKey: ({ customerId, orderId }) => ({ pk: \`C#\${customerId}\`, sk: \`O#\${orderId}\` }),
})
export const a${n} = await E${n}.build(GetItemCommand).key({ customerId: 'a', orderId: 'b' }).send()
export const b${n} = await table.build(QueryCommand).entities(E${n}).query({ partition: 'C#x' }).options({ attributes: ['orderId', 'f${n}_1'], limit: 10, filters: { E${n}: { attr: 'f${n}_1', gt: 3 } } }).send()
export const c${n} = await table.build(QueryCommand).entities(E${n}).query({ index: 'two', partition: 'E#a' }).send()
export const d${n} = await table.build(QueryCommand).entities(E${n}).query({ index: 'one', partition: 'S#a' }).options({ filters: { E${n}: { attr: 'f${n}_3', contains: 'q' } } }).send()
export const e${n} = await table.build(QueryCommand).entities(E${n}).query({ partition: 'C#x' }).options({ limit: 2, filters: { E${n}: { attr: 'f${n}_1', between: [1, 2] } } }).send()
`
    },
  },
}
