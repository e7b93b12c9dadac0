import { expect, test } from 'vitest'
import { crc32, tableCrc32 } from './crc32.ts'

test('the checksum is CRC-32, with and without help of Node', () => {
  const bytes = Buffer.from('123456789')
  expect(crc32(bytes)).toBe(0xcbf43926)
  expect(tableCrc32(bytes)).toBe(0xcbf43926)
  expect(tableCrc32(Buffer.alloc(0))).toBe(0)
})
