const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const padding = 61
const largestDigit = 63
/** Of 63 bytes: V8 keeps arrays of up to 64 among its objects, longer ones get memory of their own. */
const longestShort = 84

const digits = new Uint8Array(256).fill(255)
for (let digit = 0; digit < alphabet.length; digit++) digits[alphabet.charCodeAt(digit)] = digit

/**
 * Reads base64.
 *
 * @param text - The text.
 * @returns Its bytes.
 * @internal
 */
export function fromBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/**
 * Reads a few bytes of base64 that stand in other bytes; for few, a loop is quicker than a call that
 * leaves JavaScript.
 *
 * @param source - Bytes with base64 text in them.
 * @param start - Where the text begins.
 * @param end - Where it ends.
 * @returns The bytes; `undefined` when they are many, or the text is not plain base64 with padding.
 * @internal
 */
export function fromShortBase64(source: Uint8Array, start: number, end: number): Uint8Array | undefined {
  const length = end - start
  if (length <= 0 || (length & 3) !== 0 || length > longestShort) return undefined
  const paddings = source[end - 1] !== padding ? 0 : source[end - 2] !== padding ? 1 : 2
  const size = (length >> 2) * 3 - paddings
  const bytes = new Uint8Array(size)
  const last = end - 4
  let seen = 0
  let to = 0
  for (let at = start; at < last; at += 4, to += 3) {
    const a = digitAt(source, at)
    const b = digitAt(source, at + 1)
    const c = digitAt(source, at + 2)
    const d = digitAt(source, at + 3)
    seen |= a | b | c | d
    bytes[to] = (a << 2) | (b >> 4)
    bytes[to + 1] = (b << 4) | (c >> 2)
    bytes[to + 2] = (c << 6) | d
  }
  const a = digitAt(source, last)
  const b = digitAt(source, last + 1)
  const c = paddings < 2 ? digitAt(source, last + 2) : 0
  const d = paddings < 1 ? digitAt(source, last + 3) : 0
  bytes[to] = (a << 2) | (b >> 4)
  if (paddings < 2) bytes[to + 1] = (b << 4) | (c >> 2)
  if (paddings < 1) bytes[to + 2] = (c << 6) | d
  return (seen | a | b | c | d) > largestDigit ? undefined : bytes
}

function digitAt(source: Uint8Array, at: number): number {
  return digits[source[at] as number] as number
}

/** Taking the memory of a short array would first move it out of V8's objects. */
const scratch = Buffer.alloc(512)

/**
 * Writes base64.
 *
 * @param bytes - The bytes.
 * @returns The text.
 * @internal
 */
export function toBase64(bytes: Uint8Array): string {
  const { length } = bytes
  if (length > scratch.length) return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('base64')
  scratch.set(bytes)
  return scratch.toString('base64', 0, length)
}
