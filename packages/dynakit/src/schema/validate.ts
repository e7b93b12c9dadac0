import { plainObject } from '../codec/plain-object.ts'
import { ValidationError, type ValidationIssue } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'
import type { AppItem, CompiledAttribute, CompiledEntity } from './compiled-entity.ts'
import type { SchemaIssue, SchemaResult } from './standard-schema.ts'

interface Refusal {
  readonly name: string
  readonly value: unknown
  readonly issues: readonly SchemaIssue[]
}

const maximumIssuesInMessage = 5

/**
 * Checks values against the schemas of an entity's attributes.
 *
 * @param entity - The entity.
 * @param attributes - Attributes to check; each gets a result even when no value is given, so that
 *   defaults apply and missing values are noticed.
 * @param values - Values by attribute name, as the application gives them.
 * @returns The values the schemas give back; a promise only when a schema answers later.
 * @throws ValidationError naming every refused field.
 * @internal
 */
export function validateAttributes(
  entity: CompiledEntity,
  attributes: readonly CompiledAttribute[],
  values: AppItem,
): Record<string, unknown> | Promise<Record<string, unknown>> {
  const checked = plainObject<unknown>(attributes.length)
  const refusals: Refusal[] = []
  let pending: Promise<void>[] | undefined
  for (const { name, standard } of attributes) {
    const value = values[name]
    const result: Answer = standard ? standard.validate(value) : { value }
    const { value: accepted, issues } = result as Settled
    if (accepted !== undefined && issues === undefined) checked[name] = accepted
    else if (result instanceof Promise)
      (pending ??= []).push(settleLate(result, name, value, checked, refusals))
    else if (issues) refusals.push({ name, value, issues })
  }
  if (!pending) return finish(entity, checked, refusals)
  return Promise.all(pending).then(() => finish(entity, checked, refusals))
}

type Answer = SchemaResult<unknown> | Promise<SchemaResult<unknown>>

/** An answer before it is known whether it is a promise, which most are not. */
interface Settled {
  readonly value?: unknown
  readonly issues?: readonly SchemaIssue[] | undefined
}

async function settleLate(
  answer: Promise<SchemaResult<unknown>>,
  name: string,
  value: unknown,
  checked: Record<string, unknown>,
  refusals: Refusal[],
): Promise<void> {
  const result = await answer
  if (result.issues) refusals.push({ name, value, issues: result.issues })
  else if (result.value !== undefined) checked[name] = result.value
}

function finish(
  entity: CompiledEntity,
  checked: Record<string, unknown>,
  refusals: readonly Refusal[],
): Record<string, unknown> {
  if (refusals.length > 0) throw refused(entity, refusals)
  return checked
}

/** Names of the values checked last: those of the next item are most often the same. */
const knownNames = new WeakMap<CompiledEntity, readonly string[]>()

/**
 * Refuses fields the entity does not have: a misspelt name must not be dropped silently.
 *
 * @internal
 */
export function checkUnknownFields(entity: CompiledEntity, values: AppItem): void {
  const names = Object.keys(values)
  if (isSameList(names, knownNames.get(entity))) return
  if (names.every((name) => entity.attributesByName.has(name))) knownNames.set(entity, names)
  else refuseUnknownFields(entity, values, names)
}

function isSameList(names: readonly string[], known: readonly string[] | undefined): boolean {
  if (names.length !== known?.length) return false
  for (let at = 0; at < names.length; at++) if (names[at] !== known[at]) return false
  return true
}

function refuseUnknownFields(entity: CompiledEntity, values: AppItem, names: readonly string[]): void {
  for (const name of names) {
    if (values[name] === undefined || entity.attributesByName.has(name)) continue
    throw new ValidationError(
      `${entity.name}.${name}: the entity has no such attribute. Correct the name, or declare it in defineEntity.`,
      {
        rule: 'unknown-attribute',
        field: name,
        valueType: valueType(values[name]),
        tableName: entity.table.name,
      },
    )
  }
}

function refused(entity: CompiledEntity, refusals: readonly Refusal[]): ValidationError {
  const issues = refusals.flatMap(({ name, issues }) =>
    issues.map((issue): ValidationIssue => ({ path: joinPath(name, issue.path), message: issue.message })),
  )
  const lines = refusals.flatMap((refusal) => refusal.issues.map((issue) => describe(entity, refusal, issue)))
  const shown = lines.slice(0, maximumIssuesInMessage).join('; ')
  const more =
    lines.length > maximumIssuesInMessage
      ? ` (and ${String(lines.length - maximumIssuesInMessage)} more)`
      : ''
  const [first] = refusals
  return new ValidationError(`${shown}${more}`, {
    rule: 'schema',
    field: issues[0]?.path,
    valueType: first && valueType(valueAt(first.value, first.issues[0]?.path)),
    issues,
    tableName: entity.table.name,
  })
}

/** The schema's words are shown unless they quote the value: errors hold no item values. */
function describe(entity: CompiledEntity, refusal: Refusal, issue: SchemaIssue): string {
  const where = `${entity.name}.${joinPath(refusal.name, issue.path)}`
  const value = valueAt(refusal.value, issue.path)
  const reason = quotes(issue.message, refusal.value)
    ? 'refused by its schema (see error.issues for the words of the schema)'
    : issue.message
  return value === undefined
    ? `${where}: is missing: ${reason}`
    : `${where}: ${valueType(value)} given: ${reason}`
}

function quotes(message: string, value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      return value !== '' && message.includes(value)
    case 'number':
    case 'bigint':
    case 'boolean':
      return message.includes(String(value))
    case 'object':
      return value !== null && quotesObject(message, value)
    default:
      return false
  }
}

function quotesObject(message: string, value: object): boolean {
  if (value instanceof Date) return message.includes(value.toString()) || quotes(message, value.toJSON())
  const members: Iterable<unknown> =
    Symbol.iterator in value ? (value as Iterable<unknown>) : Object.values(value)
  return Array.from(members).some((member) => quotes(message, member))
}

type IssuePath = SchemaIssue['path']

function joinPath(name: string, path: IssuePath): string {
  return (path ?? []).reduce<string>((joined, segment) => {
    const key = typeof segment === 'object' ? segment.key : segment
    return typeof key === 'number' ? `${joined}[${String(key)}]` : `${joined}.${String(key)}`
  }, name)
}

function valueAt(value: unknown, path: IssuePath): unknown {
  let current = value
  for (const segment of path ?? []) {
    if (typeof current !== 'object' || current === null) return current
    current = (current as Record<PropertyKey, unknown>)[typeof segment === 'object' ? segment.key : segment]
  }
  return current
}
