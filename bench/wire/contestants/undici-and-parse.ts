import { Pool } from 'undici'
import type { Target } from '../contestant.ts'
import { handSigner } from '../hand-signer.ts'
import { type Connect, operationsOf } from '../works.ts'
import { jsonContestant, type Send } from './json-requests.ts'

export const connect: Connect = (target) => operationsOf(jsonContestant(sender(target)))

function sender(target: Target): Send {
  const sign = handSigner(target)
  const pool = new Pool(target.endpoint, { connections: 50 })
  return async (operation, body) => {
    const headers = sign(operation, body)
    const answer = await pool.request({ method: 'POST', path: '/', headers, body })
    const text = await answer.body.text()
    if (answer.statusCode !== 200) throw new Error(text)
    return JSON.parse(text) as Awaited<ReturnType<Send>>
  }
}
