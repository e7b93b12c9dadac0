import { alternate, type MicroEffort } from './alternate.ts'

/** Measures the sides of a micro benchmark as told on the command line, and reports them. */
export function reportSeries(sides: Readonly<Record<string, () => unknown>>): void {
  process.send?.(alternate(sides, JSON.parse(process.argv[2] ?? '') as MicroEffort))
}
