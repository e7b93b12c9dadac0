import { AbortedError } from '../errors/transport-errors.ts'

/**
 * Waits, unless the signal fires first.
 *
 * @param milliseconds - How long.
 * @param signal - Ends the wait.
 * @throws AbortedError when the signal fires.
 * @internal
 */
export function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => {
      clearTimeout(timer)
      reject(new AbortedError("aborted by the caller's signal while waiting.", { cause: signal?.reason }))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', aborted)
      resolve()
    }, milliseconds)
    if (signal?.aborted === true) aborted()
    else signal?.addEventListener('abort', aborted, { once: true })
  })
}
