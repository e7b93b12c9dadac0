import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LogFile } from './log-file.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dynakit-local-log-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** Opens a log, does something with it, and gives what was in it. */
function withLog(file: string, use: (log: LogFile) => void = () => undefined): string[] {
  const contents: string[] = []
  const log = new LogFile(file, { sync: false }, (content) => {
    contents.push(content.toString())
  })
  use(log)
  log.close()
  return contents
}

const contentsArbitrary = fc.array(fc.string({ maxLength: 40 }), { minLength: 1, maxLength: 8 })

describe('a log', () => {
  test('gives back what was appended, and what took its place', () => {
    fc.assert(
      fc.property(contentsArbitrary, contentsArbitrary, contentsArbitrary, (first, second, third) => {
        const file = path.join(folder, 'plain')
        rmSync(file, { force: true })
        withLog(file, (log) => {
          for (const content of first) log.append(Buffer.from(content))
        })
        expect(withLog(file)).toEqual(first)
        withLog(file, (log) => {
          log.replace(second.map((content) => Buffer.from(content)))
          for (const content of third) log.append(Buffer.from(content))
          expect(log.length).toBe(readFileSync(file).length)
        })
        expect(withLog(file)).toEqual([...second, ...third])
      }),
      { numRuns: 60 },
    )
  })

  test('cut off anywhere has the frames before that, and can be gone on with', () => {
    fc.assert(
      fc.property(contentsArbitrary, fc.double({ min: 0, max: 1, noNaN: true }), (contents, share) => {
        const file = path.join(folder, 'cut')
        rmSync(file, { force: true })
        withLog(file, (log) => {
          for (const content of contents) log.append(Buffer.from(content))
        })
        const bytes = readFileSync(file)
        writeFileSync(file, bytes.subarray(0, Math.floor(bytes.length * share)))
        const left = withLog(file, (log) => {
          log.append(Buffer.from('more'))
        })
        expect(left).toEqual(contents.slice(0, left.length))
        expect(withLog(file)).toEqual([...left, 'more'])
      }),
      { numRuns: 150 },
    )
  })

  test('with any byte changed never gives anything but what was written', () => {
    fc.assert(
      fc.property(contentsArbitrary, fc.nat(), fc.integer({ min: 1, max: 255 }), (contents, at, change) => {
        const file = path.join(folder, 'changed')
        rmSync(file, { force: true })
        withLog(file, (log) => {
          for (const content of contents) log.append(Buffer.from(content))
        })
        const bytes = readFileSync(file)
        const place = at % bytes.length
        bytes[place] = bytes[place]! ^ change
        writeFileSync(file, bytes)
        let read: string[]
        try {
          read = withLog(file)
        } catch (error) {
          expect(String(error)).toMatch(/is damaged at byte|is no log/)
          expect(readFileSync(file)).toEqual(bytes)
          return
        }
        // A last frame that is wrong looks like one that was cut short.
        expect(read).toEqual(contents.slice(0, -1))
      }),
      { numRuns: 300 },
    )
  })

  test('larger than what is read at once is read', () => {
    const file = path.join(folder, 'large')
    const contents = ['a'.repeat(3_000_000), 'b'.repeat(9_000_000), '', 'c'.repeat(5)]
    withLog(file, (log) => {
      for (const content of contents) log.append(Buffer.from(content))
    })
    expect(withLog(file)).toEqual(contents)
  })
})
