import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeScratch, type Scratch } from './scratch.ts'

interface Manifest {
  readonly version: string
  readonly bin: { readonly dynakit: string }
}

let scratch: Scratch
let manifest: Manifest
const packed = (): string => path.join(scratch.folder, 'node_modules/dynakit')
const program = (): string => path.join(packed(), manifest.bin.dynakit)

const define = (imports: string, exports: string): string => `
${imports}
const text = { '~standard': { version: 1, vendor: 'test', validate: (value) =>
  typeof value === 'string' ? { value } : { issues: [{ message: 'no string' }] } } }
const table = defineTable({
  name: 'Shop',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
  indexes: { byStatus: { type: 'global', partitionKey: { name: 'status', type: 'string' } } },
})
const Order = defineEntity({
  name: 'Order', table, attributes: { customer: text, order: text, status: text },
  key: { partitionKey: 'C#{customer}', sortKey: 'O#{order}' },
})
const Customer = defineEntity({
  name: 'Customer', table, attributes: { customer: text }, key: { partitionKey: 'C#{customer}', sortKey: 'PROFILE' },
})
${exports}
`
const fromEsm = `import { defineEntity, defineTable } from 'dynakit'`
const fromCjs = `const { defineEntity, defineTable } = require('dynakit')`

beforeAll(() => {
  scratch = makeScratch()
  scratch.write('package.json', '{ "type": "module" }')
  scratch.link('commander', 'tsx')
  manifest = JSON.parse(readFileSync(path.join(packed(), 'package.json'), 'utf8')) as Manifest
  scratch.write('entities.js', define(fromEsm, 'export { Order, Customer }'))
  scratch.write('default.mjs', define(fromEsm, 'export default { shop: [Order] }'))
  scratch.write('common.cjs', define(fromCjs, 'module.exports = { entities: { Order, Customer } }'))
  scratch.write('typed.ts', define(fromEsm, 'export const entities: readonly unknown[] = [Order]'))
  scratch.write('open.js', define(fromEsm, 'export { Order }\nsetInterval(() => undefined, 1000)'))
  scratch.write('none.js', 'export const db = 1')
  scratch.write('throws.js', `import './helper.js'\nexport const Order = 1`)
  scratch.write('helper.js', `function load() {\n  throw new TypeError('no region')\n}\nload()`)
  scratch.write('wrong.js', define(fromEsm, `defineEntity({ name: 'Order', table, attributes: {} })`))
  scratch.write('syntax.js', 'export const x = = 1')
  scratch.write('imports.js', `import './gone.js'`)
  scratch.write('waits.js', 'await new Promise(() => undefined)')
  scratch.write('exits.js', 'process.exit(0)')
  scratch.write('number.js', 'throw 5')
  scratch.write('folder/index.js', '')
})
afterAll(() => {
  scratch.remove()
})

/** Runs the program as the package's bin names it. */
function dynakit(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program(), ...args], {
    cwd: scratch.folder,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    timeout: 30_000,
  })
  return { status, stdout, stderr }
}

const order = `
Order in table Shop
  the table's key: pk 'C#{customer}', sorted by sk 'O#{order}'
    needs: customer (= in)
    then, from the left: order (= in begins_with < <= > >= between)
    one item: by customer, order
    order: order
    attributes: all
    consistency: strong or eventual
    example: db.repository(Order).get({ customer, order })
    example: db.query(Order).where('customer', '=', customer).where('order', '>=', order)
  global index byStatus: status
    needs: status (= in)
    attributes: all
    consistency: eventual
    example: db.query(Order).where('status', '=', status)
`.trim()
const customer = `
Customer in table Shop
  the table's key: pk 'C#{customer}', sorted by sk 'PROFILE'
    needs: customer (= in)
    one item: by customer
    attributes: all
    consistency: strong or eventual
    example: db.repository(Customer).get({ customer })
  not in index byStatus: Customer has no attribute or template for 'status'
`.trim()

describe('dynakit explain', () => {
  test.each([
    ['an ES module', 'entities.js', `${customer}\n\n${order}\n`],
    ['a default export', 'default.mjs', `${order}\n`],
    ['a CommonJS module, whose entities are of the other copy', './common.cjs', `${order}\n\n${customer}\n`],
    ['a module that keeps a timer', 'open.js', `${order}\n`],
  ])('prints %s', (_what, file, expected) => {
    expect(dynakit(['explain', file])).toEqual({ status: 0, stdout: expected, stderr: '' })
  })

  test('prints a TypeScript module with a loader', () => {
    const result = dynakit(['explain', 'typed.ts'], { NODE_OPTIONS: '--import tsx' })
    expect(result).toEqual({ status: 0, stdout: `${order}\n`, stderr: '' })
  })

  test('prints one entity, and JSON', () => {
    expect(dynakit(['explain', 'entities.js', '--entity', 'Customer']).stdout).toBe(`${customer}\n`)
    const { stdout } = dynakit(['explain', 'entities.js', '--json', '-e', 'Order'])
    expect(JSON.parse(stdout)).toMatchObject({
      entities: [
        { entity: 'Order', tableName: 'Shop', patterns: [{ type: 'table' }, { indexName: 'byStatus' }] },
      ],
    })
  })

  test('ends quietly when nobody reads on', () => {
    const { stdout, stderr } = spawnSync(
      'bash',
      [
        '-c',
        `"${process.execPath}" "${program()}" explain entities.js | head -n 1; echo "\${PIPESTATUS[0]}"`,
      ],
      { cwd: scratch.folder, encoding: 'utf8' },
    )
    expect({ stdout, stderr }).toEqual({ stdout: 'Customer in table Shop\n0\n', stderr: '' })
  })
})

describe('says what is wrong, and fails', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'a file that is not there',
      ['explain', 'nowhere.js'],
      [`there is no file 'nowhere.js'`, 'Give the path of a module.'],
    ],
    ['a file named without its end', ['explain', 'entities'], ['Did you mean entities.js?']],
    ['a path through a file', ['explain', 'none.js/x.js'], [`there is no file 'none.js/x.js'`]],
    ['a folder', ['explain', 'folder'], [`'folder' is a folder. Did you mean folder/index.js?`]],
    ['no entities', ['explain', 'none.js'], [`'none.js' exports no entities (it exports: db).`]],
    [
      'an unknown entity',
      ['explain', 'entities.js', '-e', 'X'],
      [`no entity 'X'. It exports: Customer, Order.`],
    ],
    [
      'a module that throws',
      ['explain', 'throws.js'],
      [`'throws.js' cannot be loaded. It throws:\nTypeError: no region`, 'helper.js:2'],
    ],
    [
      'a definition that is wrong',
      ['explain', 'wrong.js'],
      [`DefinitionError: entity 'Order':`, 'wrong.js:'],
    ],
    ['a value thrown', ['explain', 'number.js'], ['It throws a value of type number, not an Error.']],
    [
      'a syntax error',
      ['explain', 'syntax.js'],
      [`SyntaxError: Unexpected token '='`, 'Run node syntax.js to see where.'],
    ],
    [
      'an import that leads nowhere',
      ['explain', 'imports.js'],
      [`'imports.js' cannot be loaded. Cannot find module`, 'gone.js'],
    ],
    ['a module that never loads', ['explain', 'waits.js'], [`'waits.js' did not finish loading`]],
    ['a module that ends the process', ['explain', 'exits.js'], [`'exits.js' did not finish loading`]],
    ['no module', ['explain'], [`missing required argument 'module'`, '--help']],
    ['a wrong option', ['explain', 'none.js', '--jsn'], ['Did you mean --json?']],
    ['a wrong command', ['explian'], ['Did you mean explain?']],
  ])('%s', (_what, args, expected) => {
    const { status, stdout, stderr } = dynakit(args)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    for (const text of expected) expect(stderr).toContain(text)
    expect(stderr).not.toContain('node:internal')
    expect(stderr).not.toContain('please report')
  })

  test('a TypeScript module that this Node does not load', () => {
    scratch.write('needs.ts', define(fromEsm, `export enum Kind { a }\nexport { Order }`))
    const { status, stderr } = dynakit(['explain', 'needs.ts'])
    expect(status).toBe(1)
    expect(stderr).toContain(`NODE_OPTIONS='--import tsx' npx dynakit explain needs.ts`)
  })
})

test('help and version', () => {
  expect(dynakit(['--version'])).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' })
  const { status, stdout } = dynakit(['explain', '--help'])
  expect(status).toBe(0)
  expect(stdout).toContain('Usage: dynakit explain [options] <module>')
  expect(dynakit([]).stderr).toContain('Commands:')
})
