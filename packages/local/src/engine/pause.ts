/**
 * Waits in real time, never less than asked for; ends early, without an error, when the signal fires.
 *
 * @param milliseconds - How long; `Infinity` to wait for the signal only.
 * @param signal - Ends the wait.
 * @internal
 */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve()
  return new Promise((resolve) => {
    const due = performance.now() + milliseconds
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    // Node's timers can fire a little early.
    const check = (): void => {
      const left = due - performance.now()
      if (left > 0) timer = setTimeout(check, left)
      else end()
    }
    let timer = milliseconds === Infinity ? undefined : setTimeout(check, milliseconds)
    signal?.addEventListener('abort', end, { once: true })
  })
}
