/** What is used of the package dynakit-local. */
interface LocalPackage {
  createEngine(): {
    listen(options: { readonly keepsProcessAlive: boolean }): Promise<EmbeddedEngine>
  }
}

/** An engine in this process. */
export interface EmbeddedEngine {
  readonly endpoint: string
  /** Stops it. */
  readonly close: () => Promise<void>
}

/** Not written at the import, so that no bundler looks for a package that may not be there. */
const packageName = 'dynakit-local'

/**
 * Starts the embedded engine (npm package `dynakit-local`) in this process, on a free port of 127.0.0.1.
 *
 * It keeps no process alive.
 *
 * @returns The engine, or why it cannot be used and what would mend that.
 * @internal
 */
export async function embeddedEngine(): Promise<EmbeddedEngine | string> {
  let local: LocalPackage
  try {
    local = (await import(packageName)) as LocalPackage
  } catch (error) {
    if (!isMissing(error)) throw error
    return 'the embedded engine: the package dynakit-local is not installed. Remedy: npm install --save-dev dynakit-local'
  }
  return local.createEngine().listen({ keepsProcessAlive: false })
}

function isMissing(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND'
}
