import { createEngine, ServiceError, type Engine, type EngineOptions } from '../src/index.ts'

type Json = Readonly<Record<string, unknown>>

/** An engine for one test, and short ways to ask it. */
export interface TestEngine {
  readonly engine: Engine
  /** Sends a request, and gives its answer as it would arrive: as JSON. */
  readonly call: <Output = Json>(operation: string, input: object) => Promise<Output>
  /** Sends a request that is to fail, and gives its error as `Name: message`. */
  readonly failure: (operation: string, input: object) => Promise<string>
}

/** Starts an engine. */
export function testEngine(options: EngineOptions = {}): TestEngine {
  const engine = createEngine(options)
  const call = async <Output>(operation: string, input: object): Promise<Output> => {
    const output = await engine.call(operation, input as Json, { accessKeyId: 'test', region: 'eu-west-1' })
    return JSON.parse(JSON.stringify(output)) as Output
  }
  const failure = async (operation: string, input: object): Promise<string> => {
    try {
      await call(operation, input)
    } catch (error) {
      if (error instanceof ServiceError) return `${error.name}: ${error.message}`
      throw error
    }
    throw new Error(`${operation} was carried out.`)
  }
  return { engine, call, failure }
}

/** The request that creates a table with string keys. */
export function tableInput(TableName: string, names: readonly string[], more: object = {}): object {
  const attributes = new Set([...names, ...indexKeys(more)])
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema(names),
    AttributeDefinitions: [...attributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    ...more,
  }
}

/** The definition of an index with string keys. */
export function indexInput(
  IndexName: string,
  names: readonly string[],
  Projection: object = { ProjectionType: 'ALL' },
): { IndexName: string; KeySchema: { AttributeName: string }[]; Projection: object } {
  return { IndexName, KeySchema: keySchema(names), Projection }
}

function keySchema(names: readonly string[]): { AttributeName: string; KeyType: string }[] {
  return names.map((AttributeName, at) => ({ AttributeName, KeyType: at === 0 ? 'HASH' : 'RANGE' }))
}

function indexKeys(more: {
  GlobalSecondaryIndexes?: ReturnType<typeof indexInput>[]
  LocalSecondaryIndexes?: ReturnType<typeof indexInput>[]
}): string[] {
  return [...(more.GlobalSecondaryIndexes ?? []), ...(more.LocalSecondaryIndexes ?? [])].flatMap((index) =>
    index.KeySchema.map(({ AttributeName }) => AttributeName),
  )
}
