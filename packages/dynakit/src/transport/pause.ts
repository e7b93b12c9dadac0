/**
 * Waits; ends early, without an error, when the signal fires.
 *
 * @param milliseconds - How long.
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
    const timer = setTimeout(end, milliseconds)
    signal?.addEventListener('abort', end, { once: true })
  })
}

/**
 * Waits for a promise; gives up, without an error, when the signal fires.
 *
 * @param promise - What to wait for.
 * @param signal - Ends the wait.
 * @returns Its value, or `undefined` when the signal fired first.
 * @internal
 */
export function unlessAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value | undefined> {
  if (!signal) return promise
  return new Promise((resolve, reject) => {
    const end = (): void => {
      signal.removeEventListener('abort', end)
      resolve(undefined)
    }
    // Also when nobody waits any more its failure must find somebody.
    promise.then(resolve, reject).finally(end)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}
