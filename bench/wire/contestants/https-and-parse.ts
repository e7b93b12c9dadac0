import http from 'node:http'
import https from 'node:https'
import type { Target } from '../contestant.ts'
import { handSigner } from '../hand-signer.ts'
import { type Connect, operationsOf } from '../works.ts'
import { jsonContestant, type Send } from './json-requests.ts'

export const connect: Connect = (target) => operationsOf(jsonContestant(sender(target)))

function sender(target: Target): Send {
  const sign = handSigner(target)
  const { protocol, hostname, port } = new URL(target.endpoint)
  const { request, Agent } = protocol === 'https:' ? https : http
  const agent = new Agent({ keepAlive: true, maxSockets: 50 })
  return (operation, body) =>
    new Promise((resolve, reject) => {
      const headers = sign(operation, body)
      const sent = request({ method: 'POST', path: '/', hostname, port, agent, headers }, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          if (answer.statusCode === 200) resolve(JSON.parse(text) as Awaited<ReturnType<Send>>)
          else reject(new Error(text))
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })
}
