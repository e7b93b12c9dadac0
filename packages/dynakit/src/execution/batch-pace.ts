/** What is known of the requests to one table. */
interface TablePace {
  /** Requests that may be under way, or wait to be sent again, at once. */
  window: number
  active: number
  /** Answers without throttling since the window last grew. */
  calm: number
  /** Number of the latest request when the window last shrank: earlier ones tell nothing new. */
  shrunkAt: number
  readonly idle: IdleRounds
}

/**
 * Says how many requests of a batch may be under way at once, for each table: one more for each round of
 * answers without throttling, half as many after a throttled one.
 */
export class BatchPace {
  readonly #start: number
  readonly #most: number
  readonly #tables = new Map<string, TablePace>()
  /** Rounds in a row in which no table brought anything. */
  readonly idle: IdleRounds = new IdleRounds()
  #sent = 0

  /**
   * @param start - Requests at once to begin with.
   * @param most - Requests at once at most, to each table.
   */
  constructor(start: number, most: number) {
    this.#start = start
    this.#most = most
  }

  /** Requests that are under way, or wait to be sent again. */
  get active(): number {
    let active = 0
    for (const table of this.#tables.values()) active += table.active
    return active
  }

  /** Tells whether a request to a table may be sent. */
  isOpen(tableName: string): boolean {
    const { active, window } = this.#of(tableName)
    return active < window
  }

  /** Tells whether the last requests to a table brought nothing. */
  isTroubled(tableName: string): boolean {
    return this.#of(tableName).idle.rounds > 0
  }

  /**
   * Counts a request that is sent.
   *
   * @returns Its number.
   */
  begin(tableNames: readonly string[]): number {
    for (const name of tableNames) this.#of(name).active += 1
    this.#sent += 1
    return this.#sent
  }

  /** Counts a request that has ended, and been waited after. */
  end(tableName: string): void {
    this.#of(tableName).active -= 1
  }

  /** Hears that all a request asked of a table was carried out. */
  calm(tableName: string): void {
    const table = this.#of(tableName)
    table.calm += 1
    if (table.calm < table.window || table.window >= this.#most) return
    table.window += 1
    table.calm = 0
  }

  /** Hears that a table carried out less than a request asked for. */
  throttle(tableName: string, request: number): void {
    const table = this.#of(tableName)
    table.calm = 0
    if (request <= table.shrunkAt) return
    table.window = Math.max(1, Math.floor(table.window / 2))
    table.shrunkAt = this.#sent
  }

  /** Hears that the whole account is throttled. */
  throttleAll(request: number): void {
    for (const name of this.#tables.keys()) this.throttle(name, request)
  }

  /**
   * Counts an answer of a table.
   *
   * @returns Rounds in a row in which the table brought nothing.
   */
  answer(tableName: string, broughtSomething: boolean): number {
    const { idle, active } = this.#of(tableName)
    idle.add(broughtSomething, active)
    return idle.rounds
  }

  #of(tableName: string): TablePace {
    let table = this.#tables.get(tableName)
    if (!table) {
      table = { window: this.#start, active: 0, calm: 0, shrunkAt: 0, idle: new IdleRounds() }
      this.#tables.set(tableName, table)
    }
    return table
  }
}

/** Counts rounds that brought nothing: a round is an answer to each request that was under way at its start. */
export class IdleRounds {
  /** Rounds in a row, the one that has begun included. */
  rounds = 0
  #missing = 0

  /** Whether the round that has begun is over. */
  get isComplete(): boolean {
    return this.#missing === 0
  }

  /** Counts an answer. */
  add(broughtSomething: boolean, active: number): void {
    if (broughtSomething) {
      this.rounds = 0
      this.#missing = 0
      return
    }
    if (this.#missing === 0) {
      this.rounds += 1
      this.#missing = Math.max(1, active)
    }
    this.#missing -= 1
  }
}
