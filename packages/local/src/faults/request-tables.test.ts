import { expect, test } from 'vitest'
import { tablesOf } from './request-tables.ts'

test.each([
  [{ TableName: 'A' }, ['A']],
  [{ TableName: 'arn:aws:dynamodb:eu-west-1:123456789012:table/A' }, ['A']],
  [{ RequestItems: { A: {}, B: [] } }, ['A', 'B']],
  [
    { TransactItems: [{ Put: { TableName: 'A' } }, { Get: { TableName: 'B' } }, null, { Put: null }] },
    ['A', 'B'],
  ],
  [{ Statement: 'SELECT * FROM "A-1"."byStatus" WHERE id = ?' }, ['A-1']],
  [{ Statement: 'insert into A value {}' }, ['A']],
  [{ Statements: [{ Statement: "UPDATE A SET x = 1 WHERE id = '1'" }, {}] }, ['A']],
  [{ TransactStatements: [{ Statement: "DELETE FROM B WHERE id = '1'" }] }, ['B']],
  [{ TableName: 7, RequestItems: null, TransactItems: {}, Statement: 'nonsense' }, []],
])('the tables of %j are %j', (input, tables) => {
  expect(tablesOf(input as never)).toEqual(tables)
})
