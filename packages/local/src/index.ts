export { createEngine } from './engine/engine.ts'
export type { Engine } from './engine/engine.ts'
export type { EngineOptions } from './engine/engine-options.ts'
export type { Snapshot } from './engine/snapshot.ts'
export { Clock, milliseconds } from './engine/clock.ts'
export type { Duration } from './engine/clock.ts'
export type { StateDelayOptions } from './engine/state-delays.ts'
export type { StateDelays } from './engine/operation-context.ts'
export type { ActiveRule, FaultOptions, Faults, LagOptions } from './faults/faults.ts'
export type { CapacityLimits } from './faults/capacity-limiter.ts'
export type {
  ErrorFault,
  Fault,
  FaultRequest,
  FaultRule,
  LatencyFault,
  LostAnswerFault,
  ThrottleFault,
  TransactionConflictFault,
  UnprocessedFault,
} from './faults/fault-rule.ts'
export type { Latency } from './faults/latency.ts'
export type { LimitType } from './faults/throttling-error.ts'
export type { NativeTransport, NativeTransportOptions } from './native/native-transport.ts'
export type { NativeSendOptions } from './native/native-exchange.ts'
export type { NativeRetryOptions } from './native/native-retry.ts'
export type { NumberMode } from './native/decode-native.ts'
export { LostAnswer } from './protocol/lost-answer.ts'
export { ServiceError } from './protocol/service-error.ts'
export type { ServiceErrorOptions } from './protocol/service-error.ts'
export type { Call, CallContext } from './protocol/call.ts'
export type { Listener, ListenOptions } from './protocol/listen.ts'
export type {
  RequestHandlerOptions,
  SdkAbortSignal,
  SdkHandlerOptions,
  SdkRequest,
  SdkRequestHandler,
  SdkResponse,
} from './protocol/request-handler.ts'
