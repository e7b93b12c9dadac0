import type { AccountIdEndpointMode } from './endpoint.ts'

/** Settings that were found in one place; only what is missing is looked for in the next. */
export interface Found {
  readonly region?: string | undefined
  readonly endpoints?: readonly string[] | undefined
  readonly useFipsEndpoint?: boolean | undefined
  readonly useDualstackEndpoint?: boolean | undefined
  readonly accountIdEndpointMode?: AccountIdEndpointMode | undefined
  readonly maxAttempts?: number | undefined
  readonly userAgentAppId?: string | undefined
}

/**
 * Puts what was found in two places together; the second comes before the first.
 *
 * @internal
 */
export function merged(first: Found, second: Found): Found {
  const known = Object.entries(second).filter(([, value]) => value !== undefined)
  return { ...first, ...(Object.fromEntries(known) as Found) }
}
