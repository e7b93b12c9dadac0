/** An operation of a history: when it was asked for, when it was answered, and what that says. */
export interface HistoryOperation<State> {
  /** Place of the request among all requests and answers. */
  readonly asked: number
  /** Place of the answer; `Infinity` when there was none, and the operation may have happened or not. */
  readonly answered: number
  /**
   * Carries the operation out.
   *
   * @returns The state after it; undefined when the answer is not one the state can give.
   */
  apply(state: State): State | undefined
  /** What it is, for messages. */
  readonly label: string
}

/**
 * Looks for an order of the operations that explains all answers, in which each operation happens between its
 * request and its answer (Wing and Gong's search, remembering dead ends as Lowe does).
 *
 * @param operations - The history.
 * @param initial - The state before it.
 * @param keyOf - Writes a state so that equal states are written alike.
 * @returns Whether there is one.
 */
export function isLinearizable<State>(
  operations: readonly HistoryOperation<State>[],
  initial: State,
  keyOf: (state: State) => string,
): boolean {
  const deadEnds = new Set<string>()
  const search = (remaining: readonly number[], state: State): boolean => {
    const certain = remaining.filter((at) => operations[at]!.answered !== Infinity)
    if (certain.length === 0) return true
    const name = `${remaining.join()} ${keyOf(state)}`
    if (deadEnds.has(name)) return false
    const firstAnswer = Math.min(...certain.map((at) => operations[at]!.answered))
    for (const at of remaining) {
      const operation = operations[at]!
      // It began after another one was over, so it cannot be the next.
      if (operation.asked > firstAnswer) continue
      const next = operation.apply(state)
      if (
        next !== undefined &&
        search(
          remaining.filter((other) => other !== at),
          next,
        )
      )
        return true
    }
    deadEnds.add(name)
    return false
  }
  return search([...operations.keys()], initial)
}
