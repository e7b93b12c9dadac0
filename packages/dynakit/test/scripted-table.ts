import type { NativeItem, OperationName, SendOptions, Transport, WireInput, WireOutput } from 'dynakit'

/** One batch request as it reached the table. */
export interface BatchRequest {
  readonly operation: OperationName
  /** The members, in order. */
  readonly members: readonly Member[]
  readonly options: SendOptions
}

interface Member {
  readonly tableName: string
  /** The value of the key attribute `id`. */
  readonly id: unknown
  /** As in the request: a key to read, or a write. */
  readonly wire: unknown
  readonly item: NativeItem | undefined
}

/** Says which members of the request with this number (from 0) are left; may throw. */
export type Script = (request: BatchRequest, number: number) => readonly Member[] | Promise<readonly Member[]>

/**
 * A table in memory that carries out what a script lets it, and refuses what DynamoDB would refuse.
 *
 * Every member of its keys is named `id`.
 */
export class ScriptedTable implements Transport {
  /** What is stored, by id. */
  readonly items = new Map<string, NativeItem>()
  /** Every value of `n` that was stored under an id, in the order it was carried out; `undefined` for a deletion. */
  readonly history = new Map<string, unknown[]>()
  readonly requests: BatchRequest[] = []
  /** Most requests that were under way at once. */
  mostAtOnce = 0
  #underWay = 0
  readonly #script: Script

  constructor(script: Script = () => []) {
    this.#script = script
  }

  /** Sizes of the requests, in order. */
  get sizes(): readonly number[] {
    return this.requests.map(({ members }) => members.length)
  }

  async send(operation: OperationName, input: WireInput, options: SendOptions): Promise<WireOutput> {
    const members = readMembers(operation, input)
    refuseWhatDynamoDBRefuses(operation, members)
    const request = { operation, members, options }
    const number = this.requests.push(request) - 1
    this.#underWay += 1
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#underWay)
    try {
      const left = await this.#script(request, number)
      return this.#carryOut(request, new Set(left))
    } finally {
      this.#underWay -= 1
    }
  }

  #carryOut({ operation, members }: BatchRequest, left: ReadonlySet<Member>): WireOutput {
    const done = members.filter((member) => !left.has(member))
    if (operation === 'BatchWriteItem') {
      for (const member of done) this.#write(member)
      return { UnprocessedItems: byTable([...left], (wires) => wires) }
    }
    const found = done.filter(({ id }) => this.items.has(String(id)))
    return {
      Responses: byTable(
        found.map((member) => ({ ...member, wire: this.items.get(String(member.id)) })).reverse(),
        (wires) => wires,
      ),
      UnprocessedKeys: byTable([...left], (wires) => ({ Keys: wires })),
    }
  }

  #write({ id, item }: Member): void {
    const text = String(id)
    if (item) this.items.set(text, item)
    else this.items.delete(text)
    const history = this.history.get(text)
    if (history) history.push(item?.n)
    else this.history.set(text, [item?.n])
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

type WireWrite = { PutRequest: { Item: NativeItem } } | { DeleteRequest: { Key: NativeItem } }

function readMembers(operation: OperationName, input: WireInput): readonly Member[] {
  return Object.entries(input.RequestItems as Record<string, unknown>).flatMap(([tableName, part]) => {
    if (operation === 'BatchGetItem') {
      return (part as { Keys: NativeItem[] }).Keys.map((key) => toMember(tableName, key, key, undefined))
    }
    return (part as WireWrite[]).map((wire) => {
      const item = 'PutRequest' in wire ? wire.PutRequest.Item : undefined
      const key = 'DeleteRequest' in wire ? wire.DeleteRequest.Key : wire.PutRequest.Item
      return toMember(tableName, wire, key, item)
    })
  })
}

function toMember(tableName: string, wire: unknown, key: NativeItem, item: NativeItem | undefined): Member {
  return { tableName, wire, id: key.id, item }
}

function byTable(members: readonly Member[], close: (wires: readonly unknown[]) => unknown): WireOutput {
  const groups = new Map<string, Member[]>()
  for (const member of members) {
    groups.set(member.tableName, [...(groups.get(member.tableName) ?? []), member])
  }
  return Object.fromEntries(
    Array.from(groups, ([name, group]) => [name, close(group.map(({ wire }) => wire))]),
  )
}

function refuseWhatDynamoDBRefuses(operation: OperationName, members: readonly Member[]): void {
  const most = operation === 'BatchGetItem' ? 100 : 25
  const distinct = new Set(members.map(({ tableName, id }) => `${tableName} ${String(id)}`))
  if (members.length === 0 || members.length > most) throw new Error(`${String(members.length)} members`)
  if (distinct.size < members.length) throw new Error('duplicates in one request')
}
