import * as zlib from 'node:zlib'

const native = (zlib as { crc32?: (data: Uint8Array | string) => number }).crc32

/**
 * Computes the CRC-32 of bytes, as in `x-amz-crc32`.
 *
 * @param bytes - The bytes.
 * @returns The checksum, 0 to 2^32 - 1.
 * @internal
 */
export function crc32(bytes: Uint8Array): number {
  return native ? native(bytes) : tableCrc32(bytes)
}

const polynomial = 0xedb88320
let table: Uint32Array | undefined

/**
 * The same for releases of Node 20 without one of their own.
 *
 * @internal
 */
export function tableCrc32(bytes: Uint8Array): number {
  const entries = (table ??= Uint32Array.from({ length: 256 }, (_, byte) => entryOf(byte)))
  let sum = 0xffffffff
  for (const byte of bytes) sum = (sum >>> 8) ^ (entries[(sum ^ byte) & 0xff] as number)
  return (sum ^ 0xffffffff) >>> 0
}

function entryOf(byte: number): number {
  let entry = byte
  for (let bit = 0; bit < 8; bit += 1) entry = entry & 1 ? (entry >>> 1) ^ polynomial : entry >>> 1
  return entry
}
