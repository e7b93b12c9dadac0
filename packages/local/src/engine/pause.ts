/**
 * Waits in real time; ends early, without an error, when the signal fires.
 *
 * @param milliseconds - How long; `Infinity` to wait for the signal only.
 * @param signal - Ends the wait.
 * @internal
 */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve()
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = milliseconds === Infinity ? undefined : setTimeout(end, milliseconds)
    signal?.addEventListener('abort', end, { once: true })
  })
}
