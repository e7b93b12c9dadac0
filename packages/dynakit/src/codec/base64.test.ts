import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromBase64, fromShortBase64, toBase64 } from './base64.ts'

const encode = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const readShort = (text: string) => {
  const source = Buffer.from(`--${text}--`, 'latin1')
  return fromShortBase64(source, 2, 2 + text.length)
}

describe('reading', () => {
  test('the short way reads what the other reads, up to 63 bytes', () => {
    for (let length = 1; length <= 63; length++) {
      const bytes = Uint8Array.from({ length }, (_, at) => (at * 37 + length * 11) & 255)
      expect(readShort(encode(bytes))).toEqual(bytes)
      expect(fromBase64(encode(bytes))).toEqual(bytes)
    }
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 63 }), (bytes) => {
        expect(readShort(encode(bytes))).toEqual(new Uint8Array(bytes))
      }),
    )
  })

  test.each([
    '',
    'A',
    'AQ',
    'AQ=',
    'A=Q=',
    '=AQ=',
    'AQ==AQ==',
    'AQI\\',
    'AQ-_',
    'AQé=',
    ' AQ=',
    'A'.repeat(88),
  ])('the short way leaves %j to the other', (text) => {
    expect(readShort(text)).toBeUndefined()
  })

  test('an end before the start is no text', () => {
    expect(fromShortBase64(Buffer.from('AQIDBAUG'), 5, -1)).toBeUndefined()
    expect(fromShortBase64(Buffer.from('AQIDBAUG'), 5, 1)).toBeUndefined()
  })
})

test('writing', () => {
  for (const length of [0, 1, 2, 3, 48, 511, 512, 513, 5000]) {
    const bytes = Uint8Array.from({ length: length + 3 }, (_, at) => (at * 7) & 255).subarray(3)
    expect(toBase64(bytes)).toBe(encode(bytes))
  }
})
