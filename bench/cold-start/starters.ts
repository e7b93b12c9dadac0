/** What is started; the order is the order of the tables. */
export const starters = {
  node: 'Node.js alone',
  https: 'limit: node:https + JSON.parse',
  raw: 'AWS SDK client',
  'document-client': 'AWS SDK document client',
  electrodb: 'ElectroDB',
  toolbox: 'dynamodb-toolbox',
  dynakit: 'dynakit direct',
  'dynakit-entity': 'dynakit direct, entity with zod',
} as const

export type StarterName = keyof typeof starters
export const starterNames = Object.keys(starters) as readonly StarterName[]
