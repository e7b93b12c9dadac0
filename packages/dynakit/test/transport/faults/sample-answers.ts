const item = {
  id: { S: 'p1' },
  price: { N: '12.50' },
  tags: { SS: ['a', 'b'] },
  picture: { B: 'AQID' },
  gone: { NULL: true },
}

const table = {
  TableName: 'Shop',
  TableStatus: 'ACTIVE',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  ItemCount: 1,
}

/** The body DynamoDB sends for an operation that succeeded. */
export const sampleAnswers: Readonly<Record<string, object>> = {
  GetItem: { Item: item },
  PutItem: {},
  UpdateItem: { Attributes: item },
  DeleteItem: {},
  Query: { Items: [item, item], Count: 2, ScannedCount: 2, LastEvaluatedKey: { id: { S: 'p1' } } },
  Scan: { Items: [item], Count: 1, ScannedCount: 1 },
  BatchGetItem: {
    Responses: { Shop: [item] },
    UnprocessedKeys: { Shop: { Keys: [{ id: { S: 'p2' } }], ConsistentRead: true } },
  },
  BatchWriteItem: {
    UnprocessedItems: {
      Shop: [{ PutRequest: { Item: item } }, { DeleteRequest: { Key: { id: { S: 'p2' } } } }],
    },
  },
  CreateTable: { TableDescription: table },
  DescribeTable: { Table: table },
  UpdateTable: { TableDescription: table },
  DeleteTable: { TableDescription: table },
  ListTables: { TableNames: ['Shop'] },
  DescribeTimeToLive: {
    TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' },
  },
  UpdateTimeToLive: { TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' } },
}
