/**
 * Waits until a signal fires; for ever when there is none.
 *
 * @internal
 */
export function untilAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve()
    else
      signal?.addEventListener(
        'abort',
        () => {
          resolve()
        },
        { once: true },
      )
  })
}
