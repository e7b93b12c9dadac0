/** Smaller bodies are cheaper to allocate than to look after. */
const smallest = 16 * 1024
/** Larger ones are rare: DynamoDB's pages have one megabyte of items. */
const largest = 2 * 1024 * 1024
/** Buffers kept for the next answers. */
const mostKept = 4

const kept: Buffer[] = []
const lent = new WeakSet<ArrayBufferLike>()

/**
 * Gives a buffer for the body of an answer.
 *
 * Pages of a megabyte come one after the other, and memory of that size is expensive to get: the system
 * maps and clears it anew each time. So the buffer of one page serves for the next.
 *
 * @param length - Bytes of the body.
 * @returns A buffer of that length, with anything in it.
 * @internal
 */
export function takeBodyBuffer(length: number): Buffer {
  if (length < smallest || length > largest) return Buffer.allocUnsafeSlow(length)
  const at = kept.findIndex((buffer) => buffer.length >= length)
  const [found] = at === -1 ? [] : kept.splice(at, 1)
  const buffer = found ?? Buffer.allocUnsafeSlow(roundedUp(length))
  lent.add(buffer.buffer)
  return buffer.subarray(0, length)
}

/**
 * Takes a body back that nobody looks at any more. Other buffers are left alone.
 *
 * @internal
 */
export function giveBackBodyBuffer({ buffer }: Buffer): void {
  if (!lent.delete(buffer) || kept.length === mostKept) return
  kept.push(Buffer.from(buffer))
}

/** Pages differ a little in length. */
function roundedUp(length: number): number {
  return Math.ceil((length * 1.25) / smallest) * smallest
}
