/**
 * Reads pages of a megabyte, keeps one string of each, and reports the bytes each kept string holds.
 * Needs --expose-gc: what is asked is what is left, not how long it took.
 */
import { readOutput } from '../../../packages/dynakit/src/codec/read-json.ts'
import { answerShape } from '../../../packages/dynakit/src/transport/wire-shapes.ts'
import { answerBodies } from '../../wire/answers.ts'

const bytes = answerBodies().get('megabyte') ?? Buffer.alloc(0)
const shape = answerShape('Query')
const pages = 50

function heldPerString(readName: (page: number) => unknown): number {
  const kept: unknown[] = []
  // Whatever is made once is there before the counting begins.
  readName(0)
  const before = heldBytes()
  for (let page = 0; page < pages; page++) kept.push(readName(page))
  const held = heldBytes() - before
  if (kept.some((name) => typeof name !== 'string')) throw new Error('no string was kept')
  return held / pages
}

function heldBytes(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

interface Named {
  readonly bio?: unknown
}

process.send?.({
  dynakit: [
    heldPerString((page) => {
      const { Items } = readOutput(bytes, shape, 'exact') as { Items: readonly Named[] }
      return Items[page * 17]?.bio
    }),
  ],
  'toString + JSON.parse': [
    heldPerString((page) => {
      const { Items } = JSON.parse(bytes.toString()) as { Items: readonly { bio: { S: string } }[] }
      return Items[page * 17]?.bio.S
    }),
  ],
})
