/** What a bar chart shows: a group of bars per label, one bar per series. */
export interface BarChart {
  readonly title: string
  readonly subtitle: string
  readonly series: readonly string[]
  readonly groups: readonly BarGroup[]
  /** How a value is written at the end of its bar. */
  readonly format: (value: number) => string
  /** Longer bars are cut there, so that the others can be told apart. */
  readonly longest?: number
}

export interface BarGroup {
  readonly label: string
  /** Whether it is drawn in dynakit's colour. */
  readonly isOwn: boolean
  /** One value per series; `undefined` leaves a gap. */
  readonly values: readonly (number | undefined)[]
}

const width = 860
const margin = 12
const labelWidth = 240
const valueWidth = 60
const barHeight = 11
const groupGap = 10
const headHeight = 84
const longestBar = width - labelWidth - valueWidth
/** A bar that is cut shows a gap near its end. */
const cutAt = 14
const cutWidth = 4

/** A card of its own: light, and dark where the reader's theme is and the sheet is understood. */
const style = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 16px; font-weight: 600 }
  .quiet { fill: #59636e }
  .value { font-size: 10px; fill: #59636e }
  .card { fill: #ffffff }
  .axis { stroke: #d1d9e0 }
  .other0 { fill: #8b949e } .other1 { fill: #adb5bd } .other2 { fill: #ced4da }
  .own0 { fill: #0969da } .own1 { fill: #54a3f5 } .own2 { fill: #9ccbfb }
  @media (prefers-color-scheme: dark) {
    .card { fill: #0d1117 }
    text { fill: #f0f6fc }
    .quiet, .value { fill: #9198a1 }
    .axis { stroke: #3d444d }
    .other0 { fill: #8b949e } .other1 { fill: #656c76 } .other2 { fill: #474e57 }
    .own0 { fill: #58a6ff } .own1 { fill: #2f7fd6 } .own2 { fill: #1f5796 }
  }`

/** Draws a bar chart as SVG that can be read in light and in dark. */
export function barChart(chart: BarChart): string {
  const groupHeight = chart.series.length * barHeight + groupGap
  const height = headHeight + chart.groups.length * groupHeight + margin
  const highest = Math.max(...chart.groups.flatMap(({ values }) => values.map((value) => value ?? 0)))
  const most = Math.min(highest, chart.longest ?? highest)
  const scale = longestBar / most
  const bars = chart.groups.flatMap((group, at) =>
    drawGroup(chart, group, headHeight + at * groupHeight, scale),
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}" role="img">
  <title>${escape(chart.title)}</title>
  <style>${style}
  </style>
${[box(0, 0, width, height, 'card'), ...drawHead(chart), ...bars, drawAxis(height)].map((line) => `  ${line}`).join('\n')}
</svg>
`
}

function drawHead({ title, subtitle, series }: BarChart): string[] {
  const head = [text(margin, 18, title, 'title'), text(margin, 38, subtitle, 'quiet')]
  if (series.length === 1) return head
  const legend = series.flatMap((name, at) => {
    const left = labelWidth + at * 180
    return [
      box(left, 52, 8, barHeight, `other${String(at)}`),
      box(left + 8, 52, 8, barHeight, `own${String(at)}`),
    ].concat(text(left + 22, 62, name))
  })
  return [...head, ...legend]
}

function drawGroup(chart: BarChart, group: BarGroup, top: number, scale: number): string[] {
  const middle = top + (chart.series.length * barHeight) / 2 + 4
  const label = text(labelWidth - 10, middle, group.label, 'label', 'end')
  const bars = group.values.flatMap((value, at) => {
    const y = top + at * barHeight
    if (value === undefined) return []
    const isCut = value > (chart.longest ?? Infinity)
    const length = isCut ? longestBar : Math.max(value * scale, 1)
    return [
      box(labelWidth, y, length, barHeight - 1, `${group.isOwn ? 'own' : 'other'}${String(at)}`),
      ...(isCut ? [box(labelWidth + length - cutAt, y, cutWidth, barHeight - 1, 'card')] : []),
      text(labelWidth + length + 5, y + 9, chart.format(value), 'value'),
    ]
  })
  return [label, ...bars]
}

function drawAxis(height: number): string {
  const x = String(labelWidth)
  return `<line class="axis" x1="${x}" x2="${x}" y1="${String(headHeight - 6)}" y2="${String(height)}"/>`
}

function box(x: number, y: number, length: number, thickness: number, kind: string): string {
  return `<rect class="${kind}" x="${place(x)}" y="${place(y)}" width="${place(length)}" height="${place(thickness)}"/>`
}

function text(x: number, y: number, words: string, kind = '', anchor = 'start'): string {
  return `<text class="${kind}" x="${place(x)}" y="${place(y)}" text-anchor="${anchor}">${escape(words)}</text>`
}

function place(value: number): string {
  return String(Math.round(value * 10) / 10)
}

function escape(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
