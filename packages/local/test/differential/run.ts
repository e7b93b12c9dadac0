import { answerOf, canonical } from './compare-answers.ts'
import { knownDifferences } from './known-differences.ts'
import type { Answer, Ask } from './oracle.ts'
import { Random } from './random.ts'
import { randomRequest, type Request } from './random-requests.ts'
import { createTableInput, randomSchema, type Schema } from './random-schema.ts'

/** A request the two engines answered differently. */
interface Difference {
  readonly seed: number
  readonly schema: Schema
  readonly request: Request
  readonly ours: Answer
  readonly theirs: Answer
}

/** What came out of a run. */
export interface Outcome {
  readonly requests: number
  readonly differences: readonly Difference[]
  /** How many requests both engines carried out. */
  readonly successes: number
  /** How often each known difference was met. */
  readonly known: ReadonlyMap<string, number>
}

const requestsPerTable = 60

/**
 * Asks two engines the same random requests, about one random table after another.
 *
 * @param count - How many requests, about.
 * @param firstSeed - Seed of the first table; the next ones follow.
 * @param ours - The engine to judge.
 * @param theirs - The engine to judge by.
 */
export async function compareEngines(
  count: number,
  firstSeed: number,
  ours: Ask,
  theirs: Ask,
): Promise<Outcome> {
  const differences: Difference[] = []
  const known = new Map<string, number>()
  let requests = 0
  let successes = 0
  for (let seed = firstSeed; requests < count; seed += 1) {
    const random = new Random(seed)
    const schema = randomSchema(random, `Table${String(seed)}`)
    const sequence = [
      { operation: 'CreateTable', input: createTableInput(schema) as Request['input'] },
      ...random.times(requestsPerTable, () => randomRequest(random, schema)),
      ...contents(schema),
    ]
    for (const request of sequence) {
      requests += 1
      const [our, their] = await Promise.all([answerOf(ours, request), answerOf(theirs, request)])
      if (our.output !== undefined && their.output !== undefined) successes += 1
      if (request.operation === 'CreateTable' && our.output !== undefined && their.output !== undefined)
        continue
      if (canonical(request, our) === canonical(request, their)) continue
      const excuse = knownDifferences.find((one) => one.applies(request, our, their))
      if (excuse === undefined) differences.push({ seed, schema, request, ours: our, theirs: their })
      else known.set(excuse.name, (known.get(excuse.name) ?? 0) + 1)
      // A write that came out differently would make everything after it differ.
      if (!isRead(request)) break
    }
    const input = { TableName: schema.tableName }
    await Promise.all([ours('DeleteTable', input), theirs('DeleteTable', input)])
  }
  return { requests, successes, differences, known }
}

/** Everything in a table and its indexes. */
function contents({ tableName, indexes }: Schema): Request[] {
  return [undefined, ...indexes.map(({ name }) => name)].map((IndexName) => ({
    operation: 'Scan',
    isPaged: true,
    input: { TableName: tableName, ...(IndexName !== undefined && { IndexName }) },
  }))
}

function isRead({ operation }: Request): boolean {
  return ['GetItem', 'Query', 'Scan', 'BatchGetItem', 'TransactGetItems'].includes(operation)
}
