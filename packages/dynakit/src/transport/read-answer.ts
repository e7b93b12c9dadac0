import { gunzip } from 'node:zlib'
import { readOutput } from '../codec/read-json.ts'
import type { NumberMode } from '../codec/number.ts'
import { unreadableWrite } from '../errors/outcome-unknown.ts'
import { ValidationError } from '../errors/request-errors.ts'
import { isReadOperation } from './deadline.ts'
import { type HttpAnswer, HttpFailure, maximumAnswerBytes } from './http/http-client.ts'
import { crc32 } from './http/checksum.ts'
import type { OperationName, WireOutput } from './transport.ts'
import { answerShape } from './wire-shapes.ts'

/**
 * Checks an answer's bytes and unpacks them.
 *
 * The checksum is over the bytes as they came, compressed or not.
 *
 * @param answer - The answer as it came.
 * @param isChecked - Whether to compare the checksum.
 * @returns The answer with a plain body; a promise only when it was compressed.
 * @throws HttpFailure when the bytes are damaged.
 * @internal
 */
export function openAnswer(answer: HttpAnswer, isChecked: boolean): HttpAnswer | Promise<HttpAnswer> {
  const expected = answer.headers['x-amz-crc32']
  if (isChecked && expected !== undefined && crc32(answer.body) !== Number(expected)) {
    throw new HttpFailure('BAD_CHECKSUM', true, 'the answer was damaged on the way (its x-amz-crc32 differs)')
  }
  const encoding = answer.headers['content-encoding']
  if (encoding === undefined || encoding === 'identity') return answer
  return unpack(answer, encoding)
}

async function unpack(answer: HttpAnswer, encoding: string): Promise<HttpAnswer> {
  if (encoding !== 'gzip') {
    throw new HttpFailure('BAD_ANSWER', true, `the answer has an unknown content-encoding '${encoding}'`)
  }
  try {
    return { ...answer, body: await unzip(answer.body) }
  } catch (cause) {
    throw new HttpFailure('BAD_ANSWER', true, 'the compressed answer is damaged', cause)
  }
}

function unzip(bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    gunzip(bytes, { maxOutputLength: maximumAnswerBytes }, (error, unzipped) => {
      if (error) reject(error)
      else resolve(unzipped)
    })
  })
}

/**
 * Reads the body of a successful answer.
 *
 * @param operation - The operation it answers.
 * @param body - JSON.
 * @param numbers - How to read numbers.
 * @returns The answer with JavaScript values.
 * @throws HttpFailure when it is not DynamoDB's JSON; ValidationError for values of an unknown type.
 * @internal
 */
export function readAnswer(operation: OperationName, body: Buffer, numbers: NumberMode): WireOutput {
  try {
    return readOutput(body, answerShape(operation), numbers)
  } catch (error) {
    if (ValidationError.is(error)) throw isReadOperation(operation) ? error : unreadableWrite(error)
    const message = `the answer is not the JSON of DynamoDB (${String(body.length)} bytes)`
    throw new HttpFailure('BAD_ANSWER', true, message)
  }
}
