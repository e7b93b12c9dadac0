/** Sequence numbers have at least 21 digits; ours begin with a one, so that they stay in order as numbers too. */
const digits = 20
const pattern = /^1(\d{20})$/

/**
 * Writes a sequence number.
 *
 * @param count - Which one it is, from 1.
 * @internal
 */
export function sequenceText(count: number): string {
  return `1${String(count).padStart(digits, '0')}`
}

/**
 * Reads a sequence number.
 *
 * @param text - The number as a request gives it.
 * @returns Which one it is; undefined when it is none of ours.
 * @internal
 */
export function sequenceCount(text: string): number | undefined {
  const count = pattern.exec(text)?.[1]
  return count === undefined ? undefined : Number(count)
}
