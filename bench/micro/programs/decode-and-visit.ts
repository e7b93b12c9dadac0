import { readOutput } from '../../../packages/dynakit/src/codec/read-json.ts'
import { answerShape } from '../../../packages/dynakit/src/transport/wire-shapes.ts'
import { differentPages } from '../../wire/answers.ts'
import { reportSeries } from '../report-series.ts'
import { visit } from '../visit.ts'

const pages = differentPages(4)
let turn = 0

function nextPage(): Buffer {
  return pages[turn++ % pages.length] as Buffer
}

const shape = answerShape('Query')

reportSeries({
  dynakit: () => visit(readOutput(nextPage(), shape, 'exact')),
  'toString + JSON.parse': () => visit(JSON.parse(nextPage().toString())),
})
