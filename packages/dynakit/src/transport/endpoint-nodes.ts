import type { HttpClient } from './http/http-client.ts'

const firstPause = 1000
const longestPause = 30_000

/** One endpoint, its connections, and whether it answered of late. */
export interface EndpointNode {
  /** The `host` header. */
  readonly host: string
  readonly client: HttpClient
}

interface NodeState {
  readonly node: EndpointNode
  failures: number
  /** Epoch milliseconds until which it is passed over. */
  restsUntil: number
}

/**
 * Goes round among the nodes of a cluster and passes over those that do not answer.
 *
 * A node that failed rests, longer each time; then one request tries it, and when that succeeds it takes
 * part again. When all rest, the one that has rested longest is tried.
 */
export class EndpointNodes {
  readonly #states: readonly NodeState[]
  readonly #now: () => number
  #turn = 0

  constructor(nodes: readonly EndpointNode[], now: () => number = Date.now) {
    this.#states = nodes.map((node) => ({ node, failures: 0, restsUntil: 0 }))
    this.#now = now
  }

  /** How many there are. */
  get size(): number {
    return this.#states.length
  }

  /** All of them. */
  get all(): readonly EndpointNode[] {
    return this.#states.map(({ node }) => node)
  }

  /** Gives the node for the next request. */
  next(): EndpointNode {
    const states = this.#states
    const [only] = states
    if (states.length === 1 && only) return only.node
    const now = this.#now()
    const turn = this.#turn
    for (let at = 0; at < states.length; at++) {
      this.#turn = turn + at + 1
      const state = states[(turn + at) % states.length] as NodeState
      if (state.failures === 0) return state.node
      if (state.restsUntil > now) continue
      // One request finds out for the others.
      state.restsUntil = now + pauseAfter(state.failures)
      return state.node
    }
    const longest = states.reduce((a, b) => (b.restsUntil < a.restsUntil ? b : a))
    longest.restsUntil = now + pauseAfter(longest.failures)
    return longest.node
  }

  /** Takes note that a node answered. */
  answered(node: EndpointNode): void {
    if (this.#states.length === 1) return
    const state = this.#stateOf(node)
    if (state) state.failures = 0
  }

  /** Takes note that a node did not answer. */
  failed(node: EndpointNode): void {
    if (this.#states.length === 1) return
    const state = this.#stateOf(node)
    if (!state) return
    state.failures += 1
    state.restsUntil = this.#now() + pauseAfter(state.failures)
  }

  #stateOf(node: EndpointNode): NodeState | undefined {
    return this.#states.find((state) => state.node === node)
  }
}

function pauseAfter(failures: number): number {
  return Math.min(longestPause, firstPause * 2 ** Math.min(failures - 1, 10))
}
