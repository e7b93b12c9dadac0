import { readOutput } from '../../../packages/dynakit/src/codec/read-json.ts'
import { answerShape } from '../../../packages/dynakit/src/transport/wire-shapes.ts'
import { sink } from '../alternate.ts'
import { differentPages } from '../../wire/answers.ts'
import { toJson, type Value } from '../../wire/attribute-values.ts'
import { reportSeries } from '../report-series.ts'

/** Items unlike the user, so that the reader has seen more than one kind before it is measured. */
function otherItem(kind: number): Record<string, Value> {
  const values: readonly Value[] = [
    { S: `text ${String(kind)}` },
    { N: String(kind * 1.5) },
    { BOOL: kind % 2 === 0 },
    { NS: ['1', '2.5'] },
    { L: [{ S: 'a' }, { N: '1' }, { M: { deep: { S: 'é' } } }] },
    { M: { left: { N: '1' }, right: { S: '"' } } },
    { B: new Uint8Array(kind) },
  ]
  const members = Array.from({ length: 3 + (kind % 9) }, (_, at): [string, Value] => [
    `attribute${String((kind * 7 + at) % 40)}`,
    values[(kind + at) % values.length] as Value,
  ])
  return Object.fromEntries(members)
}

const pages = differentPages(4)
let turn = 0

function nextPage(): Buffer {
  return pages[turn++ % pages.length] as Buffer
}

const shape = answerShape('Query')
for (let kind = 0; kind < 3000; kind++) {
  const Items = [otherItem(kind), otherItem(kind), otherItem(kind + 1)]
  const page = Buffer.from(toJson({ Count: 3, Items, ScannedCount: 3 }))
  sink.value = readOutput(page, shape, 'exact')
  sink.value = JSON.parse(page.toString())
}

reportSeries({
  dynakit: () => readOutput(nextPage(), shape, 'exact'),
  'toString + JSON.parse': () => JSON.parse(nextPage().toString()) as unknown,
})
