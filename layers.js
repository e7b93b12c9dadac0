/**
 * The layers of packages/dynakit/src, top to bottom. A layer imports only layers below it.
 *
 * The dependency rules and the picture in docs/architecture.md are both made from this list.
 */
export const layers = [
  { name: 'cli', purpose: 'the dynakit command' },
  { name: 'testing', purpose: 'local engine, harness, factories' },
  { name: 'migrations', purpose: 'changes of stored data' },
  { name: 'streams', purpose: 'processing of table streams' },
  { name: 'iam', purpose: 'policies from plans' },
  { name: 'plugins', purpose: 'one folder each', siblingsApart: true },
  { name: 'adapter', purpose: 'createAdapter, DynamoDBAdapter, table operations' },
  { name: 'bulk', purpose: 'import and export of many items' },
  { name: 'repository', purpose: 'repositories of entities and of untyped tables' },
  { name: 'query-builder', purpose: 'immutable fluent builders' },
  { name: 'execution', purpose: 'the executor, pages, cursors: where plans meet the transport' },
  { name: 'planner', purpose: 'requests of the caller become plans, and why' },
  { name: 'middleware', purpose: 'the chain around an operation' },
  { name: 'operations', purpose: 'plans become wire input, answers become results' },
  { name: 'transport', purpose: 'the one door to AWS' },
  { name: 'expressions', purpose: 'conditions and updates as trees, and their compiler' },
  { name: 'schema', purpose: 'tables, entities, keys, attributes' },
  { name: 'codec', purpose: 'JavaScript values and DynamoDB attribute values' },
  { name: 'errors', purpose: 'the error classes and their mapping from AWS' },
]

/** Packages that a layer may import beside Node's own modules; the others import none. */
export const packagesOfLayers = { cli: ['commander'] }

/** Layers that may import the AWS SDK, each in one file. */
export const awsDoors = ['transport/aws-sdk.ts']
