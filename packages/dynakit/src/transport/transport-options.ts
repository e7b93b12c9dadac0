import type { Credentials, CredentialsProvider } from './credentials.ts'

/** How failed requests are sent again. The defaults are those of the AWS SDK's standard mode for DynamoDB. */
export interface RetryOptions {
  /** Attempts per request, the first included. Default: `AWS_MAX_ATTEMPTS`, else 4. */
  readonly maxAttempts?: number | undefined
  /** Longest wait before the first retry after a transient fault, in milliseconds; doubles each time. Default: 25. */
  readonly baseDelay?: number | undefined
  /** Longest wait before the first retry of a throttled request, in milliseconds; doubles each time. Default: 1,000. */
  readonly throttlingDelay?: number | undefined
  /** Upper bound of any wait, in milliseconds. Default: 20,000. */
  readonly maxDelay?: number | undefined
  /** Tokens that all requests of the transport share for retries; `Infinity` for no limit. Default: 500. */
  readonly budget?: number | undefined
  /** Tokens a retry after a transient fault costs; given back when the retry succeeds. Default: 14. */
  readonly retryCost?: number | undefined
  /** Tokens a retry of a throttled request costs; given back when the retry succeeds. Default: 5. */
  readonly throttlingCost?: number | undefined
  /**
   * Sends writes again also when carrying them out twice makes a difference and it is not known whether the
   * first attempt was carried out. The AWS SDK does so. Default: false.
   */
  readonly unsafeWrites?: boolean | undefined
}

/** The part of an `http.Agent` or `https.Agent` that tells it is one. */
export interface HttpAgent {
  /** Connections by host. */
  readonly sockets: object
  /** Closes its connections. */
  destroy(): void
}

/** Limits of the connections to one endpoint. */
export interface ConnectionOptions {
  /** Most connections per endpoint; further requests wait for one. Default: 50. */
  readonly maxSockets?: number | undefined
  /** Time a connection may take to be made, TLS included, in milliseconds. Default: 5,000. */
  readonly connectTimeout?: number | undefined
  /** Time from sending a request to the end of its answer, in milliseconds. Default: 30,000. */
  readonly requestTimeout?: number | undefined
  /** Time without a byte of an answer, in milliseconds. Default: 15,000. */
  readonly socketTimeout?: number | undefined
  /** Time after which an idle connection is closed, in milliseconds. Default: 50,000. */
  readonly idleTimeout?: number | undefined
  /**
   * An `https.Agent` or `http.Agent` of yours, such as one for a proxy: requests then go through `node:https`
   * or `node:http`, which costs more. It stays yours: it is not closed, and its own limit of sockets holds.
   */
  readonly agent?: HttpAgent | undefined
}

/** The connections of a transport at one moment. */
export interface ConnectionStatistics {
  /** Connections that are made or being made. */
  readonly open: number
  /** Those of them that carry no request. */
  readonly idle: number
  /** Requests that wait for a connection. */
  readonly queued: number
}

/** Which endpoint of DynamoDB is used when none is given. */
export interface EndpointOptions {
  /** Uses FIPS endpoints. Default: the AWS configuration (`AWS_USE_FIPS_ENDPOINT`), else false. */
  readonly useFipsEndpoint?: boolean | undefined
  /** Uses dual-stack (IPv6) endpoints. Default: the AWS configuration (`AWS_USE_DUALSTACK_ENDPOINT`), else false. */
  readonly useDualstackEndpoint?: boolean | undefined
  /** Use of account-based endpoints. Default: `AWS_ACCOUNT_ID_ENDPOINT_MODE`, else `preferred`. */
  readonly accountIdEndpointMode?: 'preferred' | 'disabled' | 'required' | undefined
}

/** How a direct transport reaches DynamoDB. All options may be left out. */
export interface DirectTransportOptions extends EndpointOptions {
  /** AWS region. Default: the AWS configuration (`AWS_REGION`, shared config). */
  readonly region?: string | undefined
  /**
   * Endpoint to use in place of AWS's, such as `http://127.0.0.1:8000`; several for a cluster such as
   * ScyllaDB Alternator: requests go round among them, and nodes that do not answer are left out for a while.
   */
  readonly endpoint?: string | readonly string[] | undefined
  /** Credentials, or a provider of them. Default: the AWS configuration. */
  readonly credentials?: Credentials | CredentialsProvider | undefined
  /** Profile of the shared config. Default: `AWS_PROFILE`. */
  readonly profile?: string | undefined
  /** How failed requests are sent again. */
  readonly retry?: RetryOptions | undefined
  /** Limits of the connections. */
  readonly connections?: ConnectionOptions | undefined
  /** Certificates (PEM) to trust in place of the well-known ones. */
  readonly ca?: string | readonly string[] | undefined
  /** Whether answers are checked against their `x-amz-crc32`. Default: true. */
  readonly checksum?: boolean | undefined
}
