import { afterEach, beforeEach, describe } from 'vitest'
import { type FaultServer, startFaultServer } from './fault-server.ts'
import { type DirectSettings, directTransports, type OpenDirect } from './transports.ts'

/** A direct transport and a fault server it talks to. */
export interface DirectBench {
  readonly server: FaultServer
  /** Opens a transport to the server, which is closed after the test. */
  open(settings?: Partial<DirectSettings>): Promise<OpenDirect>
}

/** Defines tests for each direct transport; every test has a fault server of its own. */
export function onDirectTransports(define: (bench: DirectBench) => void): void {
  describe.each(directTransports.map((subject) => [subject.name, subject] as const))(
    '%s',
    (_name, subject) => {
      let server: FaultServer | undefined
      const opened: OpenDirect[] = []
      beforeEach(async () => {
        server = await startFaultServer()
      })
      afterEach(async () => {
        await Promise.all(opened.splice(0).map(({ close }) => close()))
        await server?.close()
      })
      const bench: DirectBench = {
        get server() {
          return server!
        },
        async open(settings = {}) {
          const one = await subject.open({ endpoint: bench.server.endpoint, ...settings })
          opened.push(one)
          return one
        },
      }
      define(bench)
    },
  )
}
