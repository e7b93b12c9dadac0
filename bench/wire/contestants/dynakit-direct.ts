import { createAdapter, directTransport } from 'dynakit'
import { type Connect, operationsOf } from '../works.ts'
import { dynakitContestant } from './dynakit-user.ts'

export const connect: Connect = (target) => {
  const transport = directTransport(target)
  // The other libraries do not ask for consumed capacity either.
  return operationsOf(dynakitContestant(createAdapter({ transport, capacityDetail: 'none' })))
}
