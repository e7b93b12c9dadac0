import { crc32 } from '../protocol/crc32.ts'

/**
 * Length of a frame's header: the length of its content, the checksum of that length, and the checksum of the
 * content, four bytes each. As the length can be trusted, a frame that was cut short by the end of a process can
 * be told from one that was damaged.
 *
 * @internal
 */
export const headerLength = 12
const checkedLength = 4

/**
 * Writes a frame.
 *
 * @param content - What it holds.
 * @internal
 */
export function writeFrame(content: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(headerLength + content.length)
  frame.writeUInt32LE(content.length, 0)
  frame.writeUInt32LE(crc32(frame.subarray(0, checkedLength)), checkedLength)
  frame.writeUInt32LE(crc32(content), checkedLength * 2)
  content.copy(frame, headerLength)
  return frame
}

/** What the header of a frame says of its content. */
export interface FrameHeader {
  readonly length: number
  readonly checksum: number
}

/**
 * Reads the header of a frame.
 *
 * @param header - Its bytes.
 * @returns What it says; undefined when it is damaged.
 * @internal
 */
export function readHeader(header: Buffer): FrameHeader | undefined {
  const isSound = header.readUInt32LE(checkedLength) === crc32(header.subarray(0, checkedLength))
  return isSound
    ? { length: header.readUInt32LE(0), checksum: header.readUInt32LE(checkedLength * 2) }
    : undefined
}
