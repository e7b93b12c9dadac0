import { createHash, createHmac } from 'node:crypto'
import type { Target } from './contestant.ts'

const contentType = 'application/x-amz-json-1.0'
const signedHeaders = 'content-type;host;x-amz-date;x-amz-target'

/** Makes the headers of signed requests: Signature V4, as little as it takes. */
export function handSigner(target: Target): (operation: string, body: string) => Record<string, string> {
  const { region, credentials } = target
  const { host } = new URL(target.endpoint)
  let signingDay = ''
  let signingKey: Buffer = Buffer.alloc(0)
  const keyOf = (day: string): Buffer => {
    if (day !== signingDay) {
      const parts = [day, region, 'dynamodb', 'aws4_request']
      signingKey = parts.reduce<Buffer>(hmac, Buffer.from(`AWS4${credentials.secretAccessKey}`))
      signingDay = day
    }
    return signingKey
  }
  return (operation, body) => {
    const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '')
    const day = time.slice(0, 8)
    const scope = `${day}/${region}/dynamodb/aws4_request`
    const amzTarget = `DynamoDB_20120810.${operation}`
    const canonical = `POST\n/\n\ncontent-type:${contentType}\nhost:${host}\nx-amz-date:${time}\nx-amz-target:${amzTarget}\n\n${signedHeaders}\n${sha256(body)}`
    const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`
    const signature = createHmac('sha256', keyOf(day)).update(toSign).digest('hex')
    return {
      host,
      'content-type': contentType,
      'content-length': String(Buffer.byteLength(body)),
      'x-amz-date': time,
      'x-amz-target': amzTarget,
      authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
    }
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
