import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'

/** Files of a certificate for 127.0.0.1. */
export interface Certificate {
  readonly keyFile: string
  readonly certificateFile: string
}

/** Makes a self-signed certificate that is good for two days. */
export function makeCertificate(folder: string): Certificate {
  mkdirSync(folder, { recursive: true })
  const keyFile = path.join(folder, 'key.pem')
  const certificateFile = path.join(folder, 'certificate.pem')
  const files = ['-keyout', keyFile, '-out', certificateFile]
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  try {
    execFileSync('openssl', ['req', ...kind, ...names, ...files], { stdio: 'pipe' })
  } catch (cause) {
    throw new Error('The stub needs a certificate, made by the openssl program. Install openssl.', { cause })
  }
  return { keyFile, certificateFile }
}
