import { describe, expect, test } from 'vitest'
import { readInput } from './read-input.ts'
import {
  attributeValue,
  boolean,
  double,
  integer,
  list,
  map,
  oneOf,
  required,
  string,
  structure,
} from './shape.ts'

const shape = structure({
  Name: required(string({ minimum: 3, maximum: 5, pattern: '[a-z]+' })),
  Color: oneOf('RED', 'BLUE'),
  Limit: integer({ minimum: 1, maximum: 10 }),
  Share: double,
  Flag: boolean,
  Tags: list(structure({ Key: required(string({ minimum: 1 })) }, 'Tag'), { maximum: 2 }),
  Item: map(attributeValue),
  Names: map(string({ maximum: 2 })),
})

const name = { Name: 'abc' }

describe('what is read', () => {
  test('is copied, without nulls and unknown members', () => {
    const input = { ...name, Color: null, Unknown: 1, Tags: [{ Key: 'a', Other: 2 }, null], Share: 0.5 }
    expect(readInput(shape, input)).toEqual({ Name: 'abc', Tags: [{ Key: 'a' }], Share: 0.5 })
  })

  test('keeps of attribute values what is one, of any name', () => {
    const input = JSON.parse(
      '{"Name":"abc","Item":{"__proto__":{"S":"x","Z":1},"a":{"M":{"b":{"L":[{"N":"1"}]}}},"b":{"B":"AB=="}}}',
    ) as object
    expect(JSON.stringify(readInput(shape, input).Item)).toBe(
      '{"__proto__":{"S":"x"},"a":{"M":{"b":{"L":[{"N":"1"}]}}},"b":{"B":"AA=="}}',
    )
  })

  test.each([
    [{ Name: 1 }, 'NUMBER_VALUE cannot be converted to String'],
    [{ Name: 1.5 }, 'DECIMAL_VALUE cannot be converted to String'],
    [{ Name: true }, 'TRUE_VALUE cannot be converted to String'],
    [{ Name: {} }, 'Start of structure or map found where not expected.'],
    [{ Limit: '1' }, 'STRING_VALUE cannot be converted to Integer'],
    [{ Flag: 'true' }, 'STRING_VALUE cannot be converted to Boolean'],
    [{ Tags: {} }, 'Start of structure or map found where not expected.'],
    [{ Tags: 'a' }, 'Unexpected field type'],
    [{ Item: [] }, 'Unrecognized collection type class java.util.ArrayList'],
    [{ Item: { a: 'x' } }, 'Unexpected field type'],
    [{ Item: { a: { S: 5 } } }, 'NUMBER_VALUE cannot be converted to String'],
    [{ Item: { a: { SS: 'x' } } }, 'Unexpected field type'],
    [
      { Item: { a: { B: 'abc' } } },
      "'abc' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 3",
    ],
    [{ Item: { a: { B: 'ab!=' } } }, "'ab!=' can not be converted to a Blob: Invalid Base64 character: '!'"],
  ])('%j has the wrong type', (input, message) => {
    expect(() => readInput(shape, { ...name, ...input })).toThrow(
      expect.objectContaining({ name: 'SerializationException', message }),
    )
  })
})

describe('constraints', () => {
  const violated = (path: string, value: string, constraint: string): string =>
    `Value ${value} at '${path}' failed to satisfy constraint: ${constraint}`

  test.each([
    [{}, violated('name', 'null', 'Member must not be null')],
    [{ Name: 'ab' }, violated('name', "'ab'", 'Member must have length greater than or equal to 3')],
    [{ Name: 'abcdef' }, violated('name', "'abcdef'", 'Member must have length less than or equal to 5')],
    [{ Name: 'ABC' }, violated('name', "'ABC'", 'Member must satisfy regular expression pattern: [a-z]+')],
    [
      { ...name, Color: 'GREEN' },
      violated('color', "'GREEN'", 'Member must satisfy enum value set: [RED, BLUE]'),
    ],
    [{ ...name, Limit: 0 }, violated('limit', "'0'", 'Member must have value greater than or equal to 1')],
    [{ ...name, Limit: 11 }, violated('limit', "'11'", 'Member must have value less than or equal to 10')],
    [
      { ...name, Tags: [{ Key: 'a' }, { Key: 'b' }, { Key: 'c' }] },
      violated(
        'tags',
        "'[Tag(key=a), Tag(key=b), Tag(key=c)]'",
        'Member must have length less than or equal to 2',
      ),
    ],
    [{ ...name, Tags: [{}] }, violated('tags.1.member.key', 'null', 'Member must not be null')],
    [
      { ...name, Names: { '#n': 'abc' } },
      violated('names.#n.member', "'abc'", 'Member must have length less than or equal to 2'),
    ],
  ])('%j violates one', (input, violation) => {
    expect(() => readInput(shape, input)).toThrow(
      expect.objectContaining({
        name: 'ValidationException',
        message: `1 validation error detected: ${violation}`,
      }),
    )
  })

  test('all violations are named, up to ten', () => {
    expect(() => readInput(shape, { Color: 'GREEN', Limit: 0 })).toThrow(
      `3 validation errors detected: ${violated('name', 'null', 'Member must not be null')}; `,
    )
    const Tags = list(structure({ Key: required(string()) }))
    expect(() => readInput(structure({ Tags }), { Tags: Array.from({ length: 12 }, () => ({})) })).toThrow(
      '10 validation errors detected: ',
    )
  })
})
