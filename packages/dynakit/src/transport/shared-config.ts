import {
  loadSdkConfig,
  missingRegion,
  sdkAccountMode,
  type SdkConfig,
  sdkConfiguredEndpoints,
  sdkRegion,
} from './aws-sdk.ts'
import { type Found, merged } from './found-settings.ts'

/** How a setting is called in the shared config, and how the SDK is asked for it. */
interface SharedSetting {
  readonly mention: RegExp
  readonly read: (config: SdkConfig) => Promise<Partial<Found>>
}

const sharedSettings: Readonly<Record<Exclude<keyof Found, 'region'>, SharedSetting>> = {
  endpoints: {
    mention: /^\s*(endpoint_url|ignore_configured_endpoint_urls)\s*=/m,
    read: async (config) => ({ endpoints: await sdkConfiguredEndpoints(config) }),
  },
  useFipsEndpoint: {
    mention: /^\s*use_fips_endpoint\s*=/m,
    read: async (config) => ({ useFipsEndpoint: await config.useFipsEndpoint() }),
  },
  useDualstackEndpoint: {
    mention: /^\s*use_dualstack_endpoint\s*=/m,
    read: async (config) => ({ useDualstackEndpoint: await config.useDualstackEndpoint() }),
  },
  accountIdEndpointMode: {
    mention: /^\s*account_id_endpoint_mode\s*=/m,
    read: async (config) => ({ accountIdEndpointMode: await sdkAccountMode(config) }),
  },
  maxAttempts: {
    mention: /^\s*max_attempts\s*=/m,
    read: async (config) => ({ maxAttempts: await config.maxAttempts() }),
  },
  userAgentAppId: {
    mention: /^\s*sdk[-_]ua[-_]app[-_]id\s*=/m,
    read: async (config) => ({ userAgentAppId: await config.userAgentAppId?.() }),
  },
}

/**
 * Reads the settings of the shared config that are still open, through the SDK.
 *
 * @param given - What is known already.
 * @param files - Text of the shared files.
 * @param profile - Profile to read.
 * @internal
 */
export async function readSharedConfig(
  given: Found,
  files: string,
  profile: string | undefined,
): Promise<Found> {
  const asked = (Object.keys(sharedSettings) as (keyof typeof sharedSettings)[])
    .filter((name) => given[name] === undefined)
    .map((name) => sharedSettings[name])
    .filter(({ mention }) => mention.test(files))
  if (given.region !== undefined && asked.length === 0) return {}
  const { region, useFipsEndpoint } = given
  const config = await loadSdkConfig({ region, profile, useFipsEndpoint }).catch((cause: unknown) => {
    throw region === undefined ? missingRegion(cause) : cause
  })
  // A region may come from instance metadata too, so it is asked for even when no file has one.
  const shared = region === undefined ? await sharedRegion(config) : {}
  const others = await Promise.all(asked.map(({ read }) => read(config)))
  return others.reduce<Found>(merged, shared)
}

/** Names of regions once said that FIPS is meant, whatever else is set; the SDK takes them apart. */
async function sharedRegion(config: SdkConfig): Promise<Found> {
  return { region: await sdkRegion(config), useFipsEndpoint: await config.useFipsEndpoint() }
}
