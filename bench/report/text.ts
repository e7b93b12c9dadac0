import { coldStartTable, bundleTable, microTable, typeTable } from './other-tables.ts'
import type { Results } from './results.ts'
import { table } from './table.ts'
import { targetTable } from './targets.ts'
import { failureList, wireTables } from './wire-tables.ts'

/** Everything a run measured, as Markdown. */
export function reportText(results: Results): string {
  const { wire, plain, engine, micro, bundles, types } = results
  return [
    ['## Where and what', facts(results)],
    ['## Required and measured', targetTable(results)],
    ['## Cost of an operation, over TLS', wire && wireTables(wire)],
    ['## Parts', micro && microTable(micro)],
    ['## Cold start, bundled and minified', coldStartTable(results, 'bundled')],
    ['## Cold start, modules from node_modules', coldStartTable(results, 'modules')],
    ['## Size of a bundle', bundles && bundleTable(bundles)],
    ['## Cost of an operation, without TLS', plain && wireTables(plain)],
    ['## Against DynamoDB Local', engine && wireTables(engine)],
    ['## Cost of types', types && typeTable(types)],
    ['## What failed', failures(results)],
  ]
    .filter(([, body]) => body?.trim())
    .map(([title, body]) => `${title ?? ''}\n\n${body ?? ''}`)
    .join('\n\n')
}

function failures({ wire, plain, engine, failures: sections = {} }: Results): string {
  const inWorks = [wire, plain, engine].flatMap((result) => (result ? [failureList(result)] : []))
  const inSections = Object.entries(sections).map(([name, reason]) => `- ${name}: ${reason}`)
  return [...inWorks, ...inSections].filter((line) => line !== '').join('\n')
}

const answers: Readonly<Record<string, string>> = { hundred: 'Query 100 items', megabyte: 'Query 1 MB' }

function facts({ date, command, machine, versions, sizes }: Results): string {
  const { processor, cores, memory, system, node, v8, openssl, load } = machine
  return table(
    ['', ''],
    [
      ['command', `\`${command}\``],
      ['date', date.slice(0, 16).replace('T', ' ')],
      ['machine', `${processor}, ${String(cores)} cores, ${String(memory)} GB, ${system}`],
      ['load when it began', load.toFixed(1)],
      ['Node.js', `${node} (V8 ${v8}, OpenSSL ${openssl})`],
      ...Object.entries(versions),
      ...Object.entries(sizes ?? {}).map(([name, bytes]) => [
        `answer: ${answers[name] ?? name}`,
        `${String(bytes)} bytes`,
      ]),
    ],
  )
}
