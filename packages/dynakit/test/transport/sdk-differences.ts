import type { Expected } from './transports.ts'

type Differences = Readonly<Record<string, Partial<Expected>>>

/** The SDK sees no fault. */
const success: Partial<Expected> = { attempts: 1, code: undefined }

/** Node's HTTP parser refused the answer; the SDK does not send again. */
const unparsed: Partial<Expected> = { attempts: 1 }

/** What rows of the fault table come to with the AWS SDK, whose client has its own rules. */
export const sdkDifferences: Differences = {
  // Its parser takes any length, and waits.
  'huge length': { code: 'Timeout' },
  // It does not send again what it cannot read.
  'malformed JSON': { attempts: 1 },
  'wrong checksum': success,
  'empty body': success,
  'bad status line': unparsed,
  'binary junk': unparsed,
  'header without colon': unparsed,
  'two lengths': unparsed,
  'length and chunks': unparsed,
  'length that is no number': unparsed,
  'huge headers': unparsed,
  'endless head': unparsed,
}
