/** Everything that is compared; the order is the order of the tables. */
export const contestants = {
  raw: 'AWS SDK client',
  'raw-without-logger': 'AWS SDK client without logger',
  'document-client': 'AWS SDK document client',
  electrodb: 'ElectroDB',
  toolbox: 'dynamodb-toolbox',
  dynamoose: 'Dynamoose',
  onetable: 'OneTable',
  'dynakit-sdk': 'dynakit over the AWS SDK',
  'dynakit-direct': 'dynakit direct',
  'dynakit-agent': 'dynakit direct, node:https',
  'dynakit-unchecked': 'dynakit direct, no checksum',
  'https-and-parse': 'limit: node:https + JSON.parse',
  'undici-and-parse': 'limit: undici + JSON.parse',
} as const

export type ContestantName = keyof typeof contestants
export const contestantNames = Object.keys(contestants) as readonly ContestantName[]
