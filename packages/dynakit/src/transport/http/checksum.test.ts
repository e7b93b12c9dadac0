import fc from 'fast-check'
import { crc32 as nodeCrc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { crc32, tableCrc32 } from './checksum.ts'

test('both ways agree with Node', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926)
  expect(tableCrc32(Buffer.from('123456789'))).toBe(0xcbf43926)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
      expect(tableCrc32(bytes)).toBe(nodeCrc32(bytes))
      expect(crc32(bytes)).toBe(nodeCrc32(bytes))
    }),
  )
})
