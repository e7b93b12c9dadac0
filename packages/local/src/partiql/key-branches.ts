import type { ConditionNode } from '../expressions/condition-node.ts'
import { conditionPaths } from '../expressions/expression-paths.ts'
import { validationError } from '../protocol/service-error.ts'
import { sortText } from '../storage/sort-text.ts'
import type { KeySchema } from '../tables/table-definition.ts'
import { typeOf, type AttributeValue } from '../values/attribute-value.ts'
import { checkKeyType, lookupOf, type Lookup } from './lookup.ts'

/** One of the alternatives of a WHERE clause: what it says about the key, and everything else. */
interface Alternative {
  readonly lookups: readonly Lookup[]
  readonly filters: readonly ConditionNode[]
}

/** A part of one partition that a WHERE clause means. Texts are as they sort; `until` itself is no part of it. */
export interface KeyBranch {
  readonly partition: AttributeValue
  readonly partitionText: string
  readonly from: string
  /** Undefined when the part has no end. */
  readonly until: string | undefined
  /** The conditions on the sort key. */
  readonly sort: readonly Lookup[]
  /** What else items of this part have to meet. */
  readonly filters: readonly ConditionNode[]
}

const maximumAlternatives = 1000
const maximumReads = 50

/**
 * Finds the parts of partitions that a WHERE clause means.
 *
 * @param where - The clause; undefined for none.
 * @param schema - The key of the table or index.
 * @param isChecked - Whether the values of keys are to have the right types.
 * @returns The parts, in ascending order; undefined when only reading everything finds what is meant.
 * @throws ServiceError when values have the wrong types, there are too many parts, or they overlap.
 * @internal
 */
export function keyBranches(
  where: ConditionNode | undefined,
  schema: KeySchema,
  isChecked: boolean,
): readonly KeyBranch[] | undefined {
  if (where === undefined) return undefined
  const finder = new AlternativeFinder(schema)
  const alternatives = finder.find(where)
  if (isChecked) finder.checkTypes()
  const isKeyed = finder.namesPartition(where)
  if (isKeyed && alternatives.length > maximumReads) {
    throw validationError('Too many decomposed read operations for a given query.')
  }
  const branches = alternatives.map((alternative) => branchOf(alternative, schema))
  const known = branches.flatMap((branch) => (branch === undefined ? [] : [branch]))
  if (!isKeyed || known.length < branches.length) return undefined
  const parts = known.filter(({ from, until }) => until === undefined || from < until).sort(compareBranches)
  checkDisjoint(parts.filter((part) => !part.filters.some((node) => excludesSortKeys(node, schema))))
  return mergeOverlapping(parts)
}

/** Whether a condition says which sort keys are not meant. Overlaps with it are allowed. */
function excludesSortKeys(node: ConditionNode, { sort }: KeySchema): boolean {
  if (node.type !== 'not' && !(node.type === 'comparison' && node.operator === '<>')) return false
  return conditionPaths(node).some(([name]) => sort.some((key) => key.name === name))
}

/** Reads a partition whole when parts of it lie over each other, so that nothing is read twice. */
function mergeOverlapping(branches: readonly KeyBranch[]): readonly KeyBranch[] {
  return byPartition(branches).flatMap((parts) => {
    const [first] = parts
    if (first === undefined || !parts.some((part, at) => overlap(parts[at - 1], part))) return parts
    const { partition, partitionText } = first
    const filters = parts.flatMap((part) => part.filters)
    return [{ partition, partitionText, from: '', until: undefined, sort: [], filters }]
  })
}

/**
 * Gathers the parts of each partition.
 *
 * @internal
 */
export function byPartition(branches: readonly KeyBranch[]): readonly (readonly KeyBranch[])[] {
  const partitions = new Map<string, KeyBranch[]>()
  for (const branch of branches) {
    const known = partitions.get(branch.partitionText)
    if (known === undefined) partitions.set(branch.partitionText, [branch])
    else known.push(branch)
  }
  return [...partitions.values()]
}

class AlternativeFinder {
  readonly #schema: KeySchema
  readonly #lookups: Lookup[] = []

  constructor(schema: KeySchema) {
    this.#schema = schema
  }

  /** Spreads a condition into alternatives. There can be too many of them, of which one more than allowed remain. */
  find(node: ConditionNode): readonly Alternative[] {
    const lookup = this.#keyLookup(node)
    if (lookup !== undefined) {
      this.#lookups.push(lookup)
      if (lookup.operator !== 'IN') return [{ lookups: [lookup], filters: [] }]
      return lookup.values.map((value) => ({
        lookups: [{ attribute: lookup.attribute, operator: '=', values: [value] }],
        filters: [],
      }))
    }
    if (node.type === 'and') {
      return node.conditions
        .map((member) => this.find(member))
        .reduce(combine, [{ lookups: [], filters: [] }])
    }
    if (node.type !== 'or' || !this.#namesKey(node)) return [{ lookups: [], filters: [node] }]
    return node.conditions.flatMap((member) => this.find(member)).slice(0, maximumAlternatives)
  }

  checkTypes(): void {
    for (const { attribute, values } of this.#lookups) {
      const key = [...this.#schema.partition, ...this.#schema.sort].find(({ name }) => name === attribute)
      if (key !== undefined) checkKeyType(key, values)
    }
  }

  /** Whether a condition is only met in partitions it names. */
  namesPartition(node: ConditionNode): boolean {
    if (node.type === 'and') return node.conditions.some((member) => this.namesPartition(member))
    if (node.type === 'or') return node.conditions.every((member) => this.namesPartition(member))
    const lookup = this.#keyLookup(node)
    return lookup !== undefined && this.#isPartition(lookup)
  }

  #namesKey(node: ConditionNode): boolean {
    if (node.type === 'and' || node.type === 'or') {
      return node.conditions.some((member) => this.#namesKey(member))
    }
    return this.#keyLookup(node) !== undefined
  }

  #keyLookup(node: ConditionNode): Lookup | undefined {
    const lookup = lookupOf(node)
    if (lookup === undefined) return undefined
    if (this.#isPartition(lookup)) {
      return lookup.operator === '=' || lookup.operator === 'IN' ? lookup : undefined
    }
    return this.#schema.sort.some(({ name }) => name === lookup.attribute) ? lookup : undefined
  }

  #isPartition({ attribute }: Lookup): boolean {
    return this.#schema.partition.some(({ name }) => name === attribute)
  }
}

function combine(left: readonly Alternative[], right: readonly Alternative[]): readonly Alternative[] {
  if (left.length * right.length > maximumAlternatives) return left
  return left.flatMap((one) =>
    right.map((other) => ({
      lookups: [...one.lookups, ...other.lookups],
      filters: [...one.filters, ...other.filters],
    })),
  )
}

function branchOf({ lookups, filters }: Alternative, schema: KeySchema): KeyBranch | undefined {
  const isPartition = ({ attribute }: Lookup): boolean =>
    schema.partition.some(({ name }) => name === attribute)
  const [partition, ...others] = lookups.filter(isPartition).map(({ values }) => values[0] as AttributeValue)
  if (partition === undefined) return undefined
  const partitionText = textOf(partition)
  if (others.some((other) => textOf(other) !== partitionText)) return undefined
  const sort = lookups.filter((lookup) => !isPartition(lookup))
  let from = ''
  let until: string | undefined
  for (const lookup of sort) {
    const part = partOf(lookup)
    if (part.from > from) ({ from } = part)
    if (part.until !== undefined && (until === undefined || part.until < until)) ({ until } = part)
  }
  return { partition, partitionText, from, until, sort, filters }
}

function partOf({ operator, values }: Lookup): { readonly from: string; readonly until?: string } {
  const text = textOf(values[0] as AttributeValue)
  const behind = `${text}\u0000`
  switch (operator) {
    case '<':
      return { from: '', until: text }
    case '<=':
      return { from: '', until: behind }
    case '>':
      return { from: behind }
    case '>=':
      return { from: text }
    case 'BETWEEN':
      return { from: text, until: `${textOf(values[1] as AttributeValue)}\u0000` }
    case 'begins_with':
      return { from: text, until: `${text}\uffff` }
    case '=':
    case 'IN':
      return { from: text, until: behind }
  }
}

function textOf(value: AttributeValue): string {
  const isKey = 'S' in value || 'N' in value || 'B' in value
  return isKey ? `${typeOf(value)}${sortText(value)}` : JSON.stringify(value)
}

function compareBranches(left: KeyBranch, right: KeyBranch): number {
  if (left.partitionText !== right.partitionText) return left.partitionText < right.partitionText ? -1 : 1
  return left.from < right.from ? -1 : 1
}

function checkDisjoint(branches: readonly KeyBranch[]): void {
  if (!branches.some((branch, at) => overlap(branches[at - 1], branch))) return
  throw validationError('Overlapping conditions with range keys are not supported in where clause')
}

/** Whether a part lies over the one before it. */
function overlap(last: KeyBranch | undefined, { partitionText, from }: KeyBranch): boolean {
  return last?.partitionText === partitionText && (last.until === undefined || from < last.until)
}
