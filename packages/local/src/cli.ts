#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { createEngine } from './engine/engine.ts'

const help = `Usage: dynakit-local [options]

An embedded DynamoDB that answers over HTTP on this machine.

  --port <number>   port to listen on (default: 8000; 0 for any that is free)
  --host <address>  address to listen on (default: 127.0.0.1)
  --shared          one database for all regions and access keys
  --file <path>     keep everything in this file (default: in memory only)
  --sync            wait for the disk with each write
  --help            show this text
`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8000' },
      host: { type: 'string' },
      shared: { type: 'boolean' },
      file: { type: 'string' },
      sync: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help === true) {
    process.stdout.write(help)
    return
  }
  const { shared, file, sync, host } = values
  const port = readPort(values.port)
  const engine = createEngine({ shared, file, sync })
  const { endpoint } = await engine.listen({ port, host })
  process.stdout.write(`dynakit-local listens on ${endpoint}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void engine.close()
    })
  }
}

function readPort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port < 65_536) return port
  throw new TypeError('--port: give a number from 0 to 65535.')
}

main().catch((error: unknown) => {
  process.stderr.write(`dynakit-local: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
