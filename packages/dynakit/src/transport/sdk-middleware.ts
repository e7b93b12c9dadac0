import { type AttemptListener, tell } from './attempt-event.ts'
import type { OperationName } from './transport.ts'

/** The part of an SDK command that takes middleware for this one request. */
export interface SdkCommand {
  readonly middlewareStack: {
    add(middleware: SdkMiddleware, options: Readonly<Record<string, unknown>>): void
  }
}

interface SdkContext {
  readonly logger?: { readonly constructor?: { readonly name?: string } }
  inputFilterSensitiveLog?: unknown
  outputFilterSensitiveLog?: unknown
}

type SdkHandler = (args: SdkArguments) => Promise<SdkResult>
type SdkMiddleware = (next: SdkHandler, context: SdkContext) => SdkHandler

interface SdkArguments {
  readonly request?: { readonly hostname?: string; readonly headers?: Headers; readonly body?: unknown }
}

interface SdkResult {
  readonly response?: { readonly statusCode?: number; readonly headers?: Headers }
}

type Headers = Readonly<Record<string, string | undefined>>

const asItIs = (value: unknown): unknown => value

/**
 * Keeps the SDK's logger middleware from copying every answer for a logger that logs nothing: for a large
 * page that is more than half of the SDK's time. A logger of the caller's gets what it always got.
 *
 * @internal
 */
export function skipUnusedLogging(command: SdkCommand): void {
  command.middlewareStack.add(
    (next, context) => {
      if (context.logger === undefined || context.logger.constructor?.name === 'NoOpLogger') {
        context.inputFilterSensitiveLog = asItIs
        context.outputFilterSensitiveLog = asItIs
      }
      return next
    },
    { step: 'initialize', priority: 'high', name: 'dynakitSkipUnusedLogging' },
  )
}

/**
 * Tells a listener of each attempt the SDK makes for one command.
 *
 * @internal
 */
export function reportAttempts(
  command: SdkCommand,
  listener: AttemptListener,
  operation: OperationName,
  tableName: string | undefined,
): void {
  let attempt = 0
  const middleware: SdkMiddleware = (next) => async (args) => {
    attempt += 1
    const { request } = args
    const invocationId = request?.headers?.['amz-sdk-invocation-id'] ?? ''
    const facts = { operation, tableName, attempt, invocationId }
    const started = performance.now()
    tell(listener, { type: 'start', ...facts })
    const end = (response: SdkResult['response'], errorCode: string | undefined): void => {
      tell(listener, {
        type: 'end',
        ...facts,
        duration: performance.now() - started,
        endpoint: request?.hostname,
        statusCode: response?.statusCode,
        requestId: response?.headers?.['x-amzn-requestid'],
        requestBytes: bytesOf(request?.headers),
        responseBytes: bytesOf(response?.headers),
        errorCode,
        retryReason: undefined,
        retryDelay: undefined,
      })
    }
    try {
      const result = await next(args)
      end(result.response, undefined)
      return result
    } catch (error) {
      const { name, $response } = error as { name?: string; $response?: SdkResult['response'] }
      end($response, name ?? 'Unknown')
      throw error
    }
  }
  command.middlewareStack.add(middleware, {
    step: 'finalizeRequest',
    priority: 'low',
    name: 'dynakitAttempts',
  })
}

function bytesOf(headers: Headers | undefined): number | undefined {
  const length = headers?.['content-length']
  return length === undefined ? undefined : Number(length)
}
