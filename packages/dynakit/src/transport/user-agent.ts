import { platform, release } from 'node:os'
import { version } from './version.ts'

/** A part of a user agent: `name` or `name` and version, written `name#version`. */
export type UserAgentPart = readonly [name: string, version?: string | undefined]

/** What a user agent says beside dynakit and the platform. */
export interface UserAgentOptions {
  /** Name of the application, as in `AWS_SDK_UA_APP_ID`. */
  readonly appId?: string | undefined
  /** Further parts, such as the `customUserAgent` of an AWS client. */
  readonly parts?: readonly UserAgentPart[] | undefined
}

const refusedInName = /[^!$%&'*+\-.^_`|~\w/]/g
const refusedInVersion = /[^!$%&'*+\-.^_`|~\w#]/g

/**
 * Writes the `user-agent` header, in the format of the AWS SDKs: AWS's own reports read it.
 *
 * @param options - The application and further parts.
 * @param environment - Environment variables; `AWS_EXECUTION_ENV` names the platform.
 * @returns The header, with characters a header may not have replaced.
 * @internal
 */
export function userAgent(
  options: UserAgentOptions = {},
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const executionEnvironment = environment.AWS_EXECUTION_ENV
  const parts: UserAgentPart[] = [
    [`dynakit/${version}`],
    ['ua/2.1'],
    [`os/${platform()}`, release()],
    ['lang/js'],
    ['md/nodejs', process.versions.node],
  ]
  if (executionEnvironment) parts.push([`exec-env/${withoutSlash(executionEnvironment)}`])
  if (options.appId) parts.push([`app/${withoutSlash(options.appId)}`])
  return [...parts, ...(options.parts ?? [])]
    .map(written)
    .filter((part) => part !== '')
    .join(' ')
}

function written([name, partVersion]: UserAgentPart): string {
  const safeName = name.replace(refusedInName, '-')
  if (safeName === '' || !partVersion) return safeName
  return `${safeName}#${partVersion.replace(refusedInVersion, '-')}`
}

/** In one part, a slash would begin another name. */
function withoutSlash(text: string): string {
  return text.replaceAll('/', '-')
}
