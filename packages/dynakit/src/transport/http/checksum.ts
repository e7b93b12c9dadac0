import { crc32 as nodeCrc32 } from 'node:zlib'

/** Node has it since 20.15 and 22.2. */
const native = nodeCrc32 as typeof nodeCrc32 | undefined

/**
 * Computes the CRC-32 of bytes, as `x-amz-crc32` has it.
 *
 * @param bytes - The bytes, compressed if they came so.
 * @returns The checksum as an unsigned number.
 * @internal
 */
export const crc32: (bytes: Uint8Array) => number = native ?? tableCrc32

let table: Uint32Array | undefined

/**
 * The checksum for Node versions that have none.
 *
 * @internal
 */
export function tableCrc32(bytes: Uint8Array): number {
  table ??= makeTable()
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] as number)
  return (crc ^ 0xffffffff) >>> 0
}

function makeTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let entry = byte
    for (let bit = 0; bit < 8; bit++) entry = entry & 1 ? (entry >>> 1) ^ 0xedb88320 : entry >>> 1
    return entry
  })
}
