import path from 'node:path'
import { makeCertificate } from './certificate.ts'
import { type Child, startChild } from '../child.ts'
import type { Target } from './contestant.ts'
import { program } from '../programs.ts'
import { runFolder } from '../run-folder.ts'

/** The stub, running. */
export interface Stub {
  readonly tls: Target
  readonly plain: Target
  /** Environment in which Node trusts the stub's certificate beside the well-known ones. */
  readonly trust: NodeJS.ProcessEnv
  /** Bytes of each answer's body. */
  readonly sizes: Readonly<Record<string, number>>
  /** Requests answered and connections open so far. */
  statistics(): Promise<{ served: number; open: number }>
  stop(): void
}

const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
}

/** Starts the stub on two free ports of 127.0.0.1. */
export async function startStub(): Promise<Stub> {
  const { keyFile, certificateFile } = makeCertificate(path.join(runFolder, 'certificate'))
  const started = await startChild(program('wire/stub-server.ts'), [keyFile, certificateFile])
  const child: Child = started.child
  const { plainPort, tlsPort, sizes } = started.greeting as {
    plainPort: number
    tlsPort: number
    sizes: Record<string, number>
  }
  const target = (scheme: string, port: number): Target => ({
    endpoint: `${scheme}://127.0.0.1:${String(port)}`,
    region: 'us-east-1',
    credentials,
  })
  return {
    tls: target('https', tlsPort),
    plain: target('http', plainPort),
    trust: { NODE_EXTRA_CA_CERTS: certificateFile },
    sizes,
    statistics: () => child.ask({}) as Promise<{ served: number; open: number }>,
    stop: () => {
      child.stop()
    },
  }
}
