import { createAdapter, directTransport } from 'dynakit'
import { Agent } from 'node:https'
import { type Connect, operationsOf } from '../works.ts'
import { dynakitContestant } from './dynakit-user.ts'

/** The same through `node:https`: what our own HTTP client is worth. */
export const connect: Connect = (target) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 50, scheduling: 'lifo' })
  const transport = directTransport({ ...target, connections: { agent } })
  return operationsOf(dynakitContestant(createAdapter({ transport, capacityDetail: 'none' })))
}
