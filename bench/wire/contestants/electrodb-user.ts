import { Entity } from 'electrodb'
import { entityName, tableName, type User } from '../items.ts'

/** The model of a user in ElectroDB; it gets a client from who uses it. */
export const electroUsers = new Entity(
  {
    model: { entity: entityName, version: '1', service: 'bench' },
    attributes: {
      tenant: { type: 'string', required: true },
      id: { type: 'string', required: true },
      name: { type: 'string', required: true },
      email: { type: 'string', required: true },
      bio: { type: 'string', required: true },
      status: { type: ['active', 'suspended'] as const, required: true },
      age: { type: 'number', required: true },
      balance: { type: 'number', required: true },
      createdAt: { type: 'string', required: true },
      updatedAt: { type: 'string', required: true },
      active: { type: 'boolean', required: true },
      address: {
        type: 'map',
        required: true,
        properties: {
          street: { type: 'string', required: true },
          city: { type: 'string', required: true },
          zip: { type: 'string', required: true },
          geo: {
            type: 'map',
            required: true,
            properties: {
              lat: { type: 'number', required: true },
              lng: { type: 'number', required: true },
            },
          },
        },
      },
      tags: { type: 'list', items: { type: 'string' }, required: true },
      scores: { type: 'set', items: 'number', required: true },
      avatar: { type: 'any', required: true },
    },
    indexes: {
      primary: {
        pk: { field: 'pk', composite: ['tenant'], template: 'TENANT#${tenant}', casing: 'none' },
        sk: { field: 'sk', composite: ['id'], template: 'USER#${id}', casing: 'none' },
      },
    },
  } as const,
  { table: tableName },
)

/** ElectroDB takes sets as arrays, and has no type for binary. */
export function electroInput(user: User): Omit<User, 'scores'> & { scores: number[] } {
  return { ...user, scores: [...user.scores] }
}
