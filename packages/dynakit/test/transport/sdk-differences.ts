import type { Expected } from './transports.ts'

type Differences = Readonly<Record<string, Partial<Expected>>>

/** The SDK has an answer and cannot read it: it reports that with the status of the answer. */
const unreadable = (serviceCode: string, attempts: number): Partial<Expected> => ({
  attempts,
  code: 'Service',
  serviceCode,
  statusCode: 200,
  retryable: false,
  outcomeUnknown: false,
})

/** The SDK sees no fault. */
const success: Partial<Expected> = { attempts: 1, code: undefined }

/** Node's HTTP parser refused the answer; the SDK does not send again. */
const unparsed: Partial<Expected> = { attempts: 1 }

/** What rows of the fault table come to with the AWS SDK, whose client has its own rules. */
export const sdkDifferences: Differences = {
  'status 520': { retryable: true, outcomeUnknown: false },
  'status 429': { retryable: false },
  'truncated body': unreadable('Error', 3),
  'reset in the body': unreadable('Error', 3),
  'stalled body': unreadable('TimeoutError', 3),
  'truncated chunks': unreadable('Error', 3),
  'chunk size that is no number': unreadable('Error', 3),
  'huge length': unreadable('TimeoutError', 3),
  'malformed JSON': unreadable('SyntaxError', 1),
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
