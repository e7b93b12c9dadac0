import type { AttributeValue } from '../../src/values/attribute-value.ts'
import type { Random } from './random.ts'
import { attributeNames, type KeyAttribute, type KeyType, type Schema } from './random-schema.ts'

const texts = ['', 'a', 'b', 'ab', 'abc', 'ä', '\u{1F600}', '\uFF5E', 'zz', '1']
const numbers = [
  '0',
  '1',
  '-1',
  '2',
  '1.5',
  '10',
  '-10',
  '100',
  '1e10',
  '0.001',
  '-0',
  '007',
  '12345678901234567890123456789012345678',
]
const binaries = ['', 'AA==', 'AQ==', '/w==', 'AAE=', 'AAEC']

const keyTexts = ['a', 'b', 'ab', 'abc', 'ä', '\u{1F600}', '\uFF5E']
const keyNumbers = ['0', '1', '-1', '2', '1.5', '10', '-10', '100', '1e10']
const keyBinaries = ['AA==', 'AQ==', '/w==', 'AAE=', 'AAEC']

/** A value that a key can have. */
export function randomKeyValue(random: Random, type: KeyType): AttributeValue {
  switch (type) {
    case 'S':
      return { S: random.pick(keyTexts) }
    case 'N':
      return { N: random.pick(keyNumbers) }
    case 'B':
      return { B: random.pick(keyBinaries) }
  }
}

/** Any value. */
export function randomValue(random: Random, depth = 2): AttributeValue {
  const kinds = [
    'S',
    'S',
    'N',
    'N',
    'B',
    'BOOL',
    'NULL',
    'SS',
    'NS',
    'BS',
    ...(depth > 0 ? ['L', 'M', 'L', 'M'] : []),
  ]
  switch (random.pick(kinds)) {
    case 'S':
      return { S: random.pick(texts) }
    case 'N':
      return { N: random.pick(numbers) }
    case 'B':
      return { B: random.pick(binaries) }
    case 'BOOL':
      return { BOOL: random.chance(0.5) }
    case 'SS':
      return { SS: nonEmpty(random.some(keyTexts, 0.4), 'a') }
    case 'NS':
      return { NS: nonEmpty(random.some(keyNumbers, 0.3), '1') }
    case 'BS':
      return { BS: nonEmpty(random.some(keyBinaries, 0.4), 'AA==') }
    case 'L':
      return { L: random.times(random.integer(4), () => randomValue(random, depth - 1)) }
    case 'M':
      return {
        M: Object.fromEntries(
          random.some(['x', 'y', 'z']).map((name) => [name, randomValue(random, depth - 1)]),
        ),
      }
    default:
      return { NULL: true }
  }
}

function nonEmpty(members: string[], otherwise: string): string[] {
  return members.length === 0 ? [otherwise] : members
}

/** A key of the table; now and then one that does not fit it. */
export function randomKey(random: Random, { partition, sort }: Schema): Record<string, AttributeValue> {
  const attributes = [...partition, ...sort]
  const wanted = random.chance(0.02) ? random.some(attributes) : attributes
  return Object.fromEntries(wanted.map((attribute) => [attribute.name, keyValueFor(random, attribute, 0.01)]))
}

function keyValueFor(random: Random, { type }: KeyAttribute, mistakes: number): AttributeValue {
  return random.chance(mistakes) ? randomValue(random, 1) : randomKeyValue(random, type)
}

/** An item of the table; now and then one that does not fit it. */
export function randomItem(random: Random, schema: Schema): Record<string, AttributeValue> {
  const item: Record<string, AttributeValue> = { ...randomKey(random, schema) }
  for (const name of random.some(attributeNames)) item[name] = randomAttribute(random, name)
  if (random.chance(0.03)) item.large = { S: 'x'.repeat(random.integer(9000)) }
  return item
}

const typesOfNames: Readonly<Record<string, KeyType>> = { s1: 'S', s2: 'S', n1: 'N', n2: 'N', b1: 'B' }

/** A value for an attribute: mostly of the type indexes want, when its name has one. */
export function randomAttribute(random: Random, name: string): AttributeValue {
  const type = typesOfNames[name]
  return type === undefined || random.chance(0.03) ? randomValue(random) : randomKeyValue(random, type)
}
