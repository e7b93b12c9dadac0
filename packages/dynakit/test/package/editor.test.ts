import path from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { root } from './scratch.ts'

const head = `
import { createAdapter, defineEntity, defineTable, isoDate, type StandardSchema } from 'dynakit'
declare function schema<Value>(): StandardSchema<Value, Value>
const table = defineTable({
  name: 'Shop', partitionKey: { name: 'pk', type: 'string' }, sortKey: { name: 'sk', type: 'string' },
  indexes: { gsi1: { type: 'global', partitionKey: { name: 'gsi1pk', type: 'string' } } },
})
const attributes = { customerId: schema<string>(), orderId: schema<string>(), status: schema<'pending' | 'paid'>(), total: schema<number>(), placedAt: isoDate() }
const Order = defineEntity({ name: 'Order', table, attributes, key: { partitionKey: 'C#{customerId}', sortKey: 'O#{orderId}' } })
const orders = createAdapter().repository(Order)
const key = { customerId: 'c', orderId: 'o' }
`
const file = path.join(root, 'packages/dynakit/src/editor-fixture.ts')
let text = ''
let version = 0
const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(path.join(root, 'tsconfig.json'), (name) => ts.sys.readFile(name)).config,
  ts.sys,
  root,
)
const read = (name: string): string | undefined => (name === file ? text : ts.sys.readFile(name))
const service = ts.createLanguageService({
  ...ts.sys,
  getCompilationSettings: () => options,
  useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
  getCurrentDirectory: () => root,
  getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
  getScriptFileNames: () => [file],
  getScriptVersion: (name) => (name === file ? String(version) : '0'),
  getScriptSnapshot: (name) => {
    const content = read(name)
    return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content)
  },
  fileExists: (name) => name === file || ts.sys.fileExists(name),
  readFile: read,
})

function load(code: string): void {
  text = head + code
  version += 1
}

function complete(code: string): readonly string[] {
  const position = code.indexOf('|')
  load(code.slice(0, position) + code.slice(position + 1))
  return (
    service.getCompletionsAtPosition(file, head.length + position, {})?.entries.map((entry) => entry.name) ??
    []
  )
}

function complain(code: string): string {
  load(code)
  return service
    .getSemanticDiagnostics(file)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
    .join('\n')
}

describe('an editor lists', () => {
  const fields = ['customerId', 'orderId', 'placedAt', 'status', 'total']
  test.each([
    ["orders.query().where('|')", fields],
    ["orders.query().where('|', '=', 1)", fields],
    ["orders.query().select('|')", fields],
    ["orders.query().where((e) => e('|'))", fields],
    ["orders.query().where('status', '=', '|')", ['paid', 'pending']],
    ["orders.update(key).set({ status: '|' })", ['paid', 'pending']],
    ['orders.get({ | })', ['customerId', 'orderId']],
  ])('%s', (code, expected) => {
    expect([...complete(code)].sort()).toEqual(expected)
  })

  test('operators', () => {
    expect(complete("orders.query().where('status', '|')")).toEqual(
      expect.arrayContaining(['=', 'begins_with', 'between', 'exists']),
    )
  })
})

describe('misuse is told in a sentence', () => {
  test.each([
    ["orders.query().where('totl', '=', 1)", `unknown field 'totl'`],
    ["orders.query().where((e) => e('totl', '=', 1))", `unknown field 'totl'`],
    ["orders.query().select('totl')", `unknown field 'totl'`],
    ["orders.query().where('total', 'begins_with', 1)", `'begins_with' does not fit the type of the field`],
    [
      "orders.query().where('total', '>', 'x')",
      `Argument of type 'string' is not assignable to parameter of type 'number'.`,
    ],
    [
      "orders.query().where('status', '=', 'lost')",
      `'"lost"' is not assignable to parameter of type '"pending" | "paid"'`,
    ],
    ["orders.update(key).set({ status: 'lost' })", `'"lost"' is not assignable to type '"pending" | "paid"'`],
    ["orders.update(key).set({ statsu: 'paid' })", `unknown field 'statsu'`],
    ["orders.update(key).set({ orderId: 'x' })", `'orderId' is part of the key and cannot change`],
    ['orders.update(key).add({ status: 1 })', 'only numbers and sets can be added to'],
    ["orders.get({ customerId: 'c' })", `Property 'orderId' is missing`],
    [
      "defineEntity({ name: 'X', table, attributes, key: { partitionKey: 'X#{idd}', sortKey: 'X' } })",
      'unknown or optional attribute {idd}',
    ],
    [
      "defineEntity({ name: 'X', table, attributes, key: { partitionKey: 'X', sortKey: 'X' }, indexes: { gsi9: { partitionKey: 'X' } } })",
      `the table has no index 'gsi9'`,
    ],
    ["defineEntity({ name: 'X', table, attributes })", `give key templates, or an attribute named 'pk'`],
  ])('%s', (code, expected) => {
    const message = complain(code)
    expect(message).toContain(expected)
    expect(message).not.toContain("type 'never'")
    expect(message.split('\n').length).toBeLessThanOrEqual(3)
  })
})
