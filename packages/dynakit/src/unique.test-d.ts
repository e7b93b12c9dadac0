import { describe, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import {
  createAdapter,
  defineEntity,
  defineTable,
  type Entity,
  type EntityInput,
  type EntityItem,
  type Repository,
  type UniqueConstraintError,
} from './index.ts'

const table = defineTable({
  name: 'Shop',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
  indexes: { trash: { type: 'global', partitionKey: { name: 'gsi1pk', type: 'string' } } },
  timeToLive: 'expiresAt',
})
const attributes = { tenantId: z.string(), userId: z.string(), email: z.string().optional() }
const key = { partitionKey: 'T#{tenantId}', sortKey: 'U#{userId}' } as const
const User = defineEntity({
  name: 'User',
  table,
  attributes,
  key,
  unique: { email: ['tenantId', 'email'] },
  softDelete: true,
  excludeExpired: true,
})
const Plain = defineEntity({
  name: 'Plain',
  table,
  attributes,
  key: { partitionKey: 'P#{tenantId}', sortKey: 'P' },
})
type User = EntityItem<typeof User>
const db = createAdapter()
const users = db.repository(User)
const plains = db.repository(Plain)
const ada = { tenantId: 't', userId: 'ada' }

describe('unique', () => {
  test('names attributes', () => {
    const options = { name: 'X', table, attributes, key } as const
    // @ts-expect-error there is no attribute 'mail'
    defineEntity({ ...options, unique: { email: ['mail'] } })
    // @ts-expect-error a constraint has at least one field
    defineEntity({ ...options, unique: { email: [] } })
    // @ts-expect-error fields stand in a list
    defineEntity({ ...options, unique: { email: 'email' } })
    // @ts-expect-error the version is no declared attribute
    defineEntity({ ...options, version: true, unique: { v: ['version'] } })
  })

  test('leaves the item as it is', () => {
    expectTypeOf<EntityItem<typeof Plain>>().toEqualTypeOf<{
      tenantId: string
      userId: string
      email?: string | undefined
    }>()
    expectTypeOf<UniqueConstraintError['constraint']>().toEqualTypeOf<string>()
  })
})

describe('softDelete', () => {
  test('adds the time of deletion to what is read, not to what is given', () => {
    expectTypeOf<User>().toEqualTypeOf<{
      tenantId: string
      userId: string
      email?: string | undefined
      deletedAt?: Date
    }>()
    expectTypeOf<EntityInput<typeof User>>().not.toHaveProperty('deletedAt')
    void users.put({ ...ada, deletedAt: new Date() })
    // @ts-expect-error a new item is not deleted
    void users.create({ ...ada, deletedAt: new Date() })
    // @ts-expect-error nothing is deleted softly
    void plains.put({ ...ada, deletedAt: new Date() })
  })

  test('may name it, and an index may be made of it', () => {
    const Named = defineEntity({
      name: 'Named',
      table,
      attributes,
      key: { partitionKey: 'N#{tenantId}', sortKey: 'N#{userId}' },
      indexes: { trash: { partitionKey: 'TRASH#{removedAt}' } },
      softDelete: 'removedAt',
    })
    expectTypeOf<EntityItem<typeof Named>['removedAt']>().toEqualTypeOf<Date | undefined>()
    void users.query().where('tenantId', '=', 't').where('deletedAt', '>', new Date())
    // @ts-expect-error a time is no string
    void users.query().where('deletedAt', '>', '2026')
    const keyed = { name: 'Y', table, attributes, softDelete: true } as const
    // @ts-expect-error what changes with a deletion cannot identify an item
    defineEntity({ ...keyed, key: { partitionKey: '{deletedAt}', sortKey: 'X' } })
  })

  test('gives restore; without it restore does not compile', () => {
    expectTypeOf(users.restore(ada)).resolves.toEqualTypeOf<User>()
    // @ts-expect-error the key is incomplete
    void users.restore({ tenantId: 't' })
    // @ts-expect-error items of Plain are deleted for good
    void plains.restore(ada)
    expectTypeOf(users.deletePermanently(ada)).resolves.toEqualTypeOf<void>()
    expectTypeOf(plains.deletePermanently(ada)).resolves.toEqualTypeOf<void>()
  })

  test('code over any entity compiles', () => {
    const restoreAny = <Definition extends Entity>(
      repository: Repository<Definition>,
      id: Parameters<Repository<Definition>['restore']>[0],
    ): Promise<EntityItem<Definition>> => repository.restore(id)
    expectTypeOf(restoreAny).toBeFunction()
  })
})

describe('hidden items', () => {
  test('are asked for where they can be', () => {
    void users.get(ada, { withDeleted: true, excludeExpired: false, consistent: true })
    void users.getOrThrow(ada, { withDeleted: true })
    void users.exists(ada, { withDeleted: true })
    void users.getMany([ada], { withDeleted: true, excludeExpired: true })
    void db.table('Rows').get({ id: 'x' }, { excludeExpired: true })
    void db.batchGet([{ id: 'x' }], { excludeExpired: true })
    // @ts-expect-error soft deletion belongs to entities
    void db.table('Rows').get({ id: 'x' }, { withDeleted: true })
    // @ts-expect-error a write hides nothing
    void users.delete(ada, { withDeleted: true })
  })

  test('builders keep their types', () => {
    const query = users.query().where('tenantId', '=', 't').withDeleted().excludeExpired().includeExpired()
    expectTypeOf(query.first()).resolves.toEqualTypeOf<User | undefined>()
    expectTypeOf(query.select('email').first()).resolves.toEqualTypeOf<
      { email?: string | undefined } | undefined
    >()
    void db.query(User, Plain).withDeleted().excludeExpired()
  })
})
