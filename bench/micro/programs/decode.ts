import { readOutput } from '../../../packages/dynakit/src/codec/read-json.ts'
import { answerShape } from '../../../packages/dynakit/src/transport/wire-shapes.ts'
import { differentPages } from '../../wire/answers.ts'
import { reportSeries } from '../report-series.ts'

const pages = differentPages(4)
let turn = 0

function nextPage(): Buffer {
  return pages[turn++ % pages.length] as Buffer
}

const shape = answerShape('Query')

reportSeries({
  dynakit: () => readOutput(nextPage(), shape, 'exact'),
  'toString + JSON.parse': () => JSON.parse(nextPage().toString()) as unknown,
})
