import { createAdapter, directTransport } from 'dynakit'
import { type Connect, operationsOf } from '../works.ts'
import { dynakitContestant } from './dynakit-user.ts'

/** The same without looking at checksums: what the check costs. */
export const connect: Connect = (target) => {
  const transport = directTransport({ ...target, checksum: false })
  return operationsOf(dynakitContestant(createAdapter({ transport, capacityDetail: 'none' })))
}
