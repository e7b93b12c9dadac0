import type { Command } from 'commander'
import { accessPatternsOf } from '../planner/access-patterns.ts'
import type { Entity } from '../schema/entity.ts'
import { collectEntities } from './collect-entities.ts'
import { CommandError } from './command-error.ts'
import { importModule } from './import-module.ts'

/** Options of `dynakit explain`. */
export interface ExplainOptions {
  /** Names of the entities to explain; all when left out. */
  readonly entity?: readonly string[]
  /** Whether to write JSON. */
  readonly json?: boolean
}

/**
 * Adds `dynakit explain <module>`.
 *
 * @internal
 */
export function addExplainCommand(program: Command): void {
  program
    .command('explain')
    .summary('print what the keys and indexes of entities are good for')
    .description(
      'Prints the access patterns of the entities a module exports: for each key and index the conditions it serves, the order of the items, and code that uses it. Nothing is sent to DynamoDB.',
    )
    .argument('<module>', 'path of a module that exports entities, by themselves, in arrays or in objects')
    .option('-e, --entity <name>', 'only this entity; may be given several times', append)
    .option('--json', 'print JSON')
    .action(async (file: string, options: ExplainOptions) => {
      process.stdout.write(`${explainExports(file, await importModule(file), options)}\n`)
    })
}

function append(name: string, names: readonly string[] = []): readonly string[] {
  return [...names, name]
}

/**
 * Writes the access patterns of the entities a module exports.
 *
 * @param file - The module, for messages.
 * @param exported - What it exports.
 * @param options - Which entities, and in which form.
 * @returns The text.
 * @throws CommandError when there is no such entity.
 * @internal
 */
export function explainExports(file: string, exported: object, options: ExplainOptions): string {
  const entities = collectEntities(exported)
  if (entities.length === 0) throw new CommandError(noEntities(file, exported))
  const wanted = options.entity ? select(file, entities, options.entity) : entities
  const catalogue = accessPatternsOf(wanted.map((entity) => entity['~compiled']))
  return options.json === true ? JSON.stringify(catalogue, undefined, 2) : String(catalogue)
}

function select(file: string, entities: readonly Entity[], names: readonly string[]): readonly Entity[] {
  const known = new Set(entities.map(({ name }) => name))
  const unknown = names.find((name) => !known.has(name))
  if (unknown === undefined) return entities.filter(({ name }) => names.includes(name))
  throw new CommandError(`'${file}' exports no entity '${unknown}'. It exports: ${[...known].join(', ')}.`)
}

function noEntities(file: string, exported: object): string {
  const names = Object.keys(exported)
  const exports = names.length === 0 ? 'nothing' : names.join(', ')
  return `'${file}' exports no entities (it exports: ${exports}). Export what defineEntity returns.`
}
