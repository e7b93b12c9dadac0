import type { AttributeValue } from '../values/attribute-value.ts'

/** What a text may be. */
export interface TextConstraints {
  readonly minimum?: number
  readonly maximum?: number
  /** The pattern the whole text must have, as DynamoDB writes it. */
  readonly pattern?: string
  readonly values?: readonly string[]
  /** Texts that are right whatever the other constraints say. */
  readonly unless?: RegExp
}

/** The least and greatest value of a number, or length of a list or map. */
export interface RangeConstraints {
  readonly minimum?: number
  readonly maximum?: number
}

/** What a request, or part of one, looks like. `Type` is what reading one gives. */
export type Shape<Type> = ShapeDescription & { readonly type?: Type }

/** A member of a structure. */
export interface Member<Type> {
  readonly shape: Shape<Type>
  readonly isRequired: boolean
}

/** A shape as data. What is free has no constraints, nor has anything in it. */
export type ShapeDescription = { readonly isFree?: boolean } & (
  | { readonly kind: 'string'; readonly constraints: TextConstraints; readonly pattern: RegExp | undefined }
  | { readonly kind: 'integer'; readonly constraints: RangeConstraints }
  | { readonly kind: 'boolean' | 'double' | 'attributeValue' | 'any' }
  | { readonly kind: 'list' | 'map'; readonly member: Shape<unknown>; readonly constraints: RangeConstraints }
  | {
      readonly kind: 'structure'
      readonly members: readonly StructureMember[]
      /** What messages call it. */
      readonly name: string
    }
)

/** A member of a structure, with its name. */
interface StructureMember extends Member<unknown> {
  readonly name: string
  /** What messages call it. */
  readonly shownName: string
}

/** What reading a structure gives. */
export type StructureOf<Members extends Record<string, Shape<unknown> | Member<unknown>>> = {
  readonly [Name in keyof Members as Members[Name] extends Member<unknown> ? Name : never]: TypeOf<
    Members[Name]
  >
} & {
  readonly [Name in keyof Members as Members[Name] extends Member<unknown> ? never : Name]?:
    TypeOf<Members[Name]> | undefined
}

/** What reading a shape gives. */
export type TypeOf<Of> =
  Of extends Member<infer Type>
    ? Type
    : Of extends { readonly type?: infer Type }
      ? Exclude<Type, undefined>
      : never

/** A text. */
export function string(constraints: TextConstraints = {}): Shape<string> {
  const pattern = constraints.pattern === undefined ? undefined : new RegExp(`^(?:${constraints.pattern})$`)
  return { kind: 'string', constraints, pattern, isFree: Object.keys(constraints).length === 0 }
}

/** One of some words. */
export function oneOf<Value extends string>(...values: readonly Value[]): Shape<Value> {
  return { kind: 'string', constraints: { values }, pattern: undefined }
}

/** A whole number. */
export function integer(constraints: RangeConstraints = {}): Shape<number> {
  return { kind: 'integer', constraints, isFree: isUnbounded(constraints) }
}

/** True or false. */
export const boolean: Shape<boolean> = { kind: 'boolean', isFree: true }

/** A number that need not be whole. */
export const double: Shape<number> = { kind: 'double', isFree: true }

/** A value of an attribute. Its members have the right types; what they hold is checked later. */
export const attributeValue: Shape<AttributeValue> = { kind: 'attributeValue', isFree: true }

/** Anything at all. */
export const any: Shape<unknown> = { kind: 'any', isFree: true }

/** A list. */
export function list<Type>(member: Shape<Type>, constraints: RangeConstraints = {}): Shape<readonly Type[]> {
  return { kind: 'list', member, constraints, isFree: member.isFree === true && isUnbounded(constraints) }
}

/** A map from names to values of one shape. */
export function map<Type>(
  member: Shape<Type>,
  constraints: RangeConstraints = {},
): Shape<Readonly<Record<string, Type>>> {
  return { kind: 'map', member, constraints, isFree: member.isFree === true && isUnbounded(constraints) }
}

function isUnbounded({ minimum, maximum }: RangeConstraints): boolean {
  return minimum === undefined && maximum === undefined
}

/** A member that has to be there. */
export function required<Type>(shape: Shape<Type>): Member<Type> {
  return { shape, isRequired: true }
}

/**
 * A structure. Members that it does not name are ignored.
 *
 * @param members - Shapes of its members by name, each required or not.
 * @param name - What messages call it.
 */
export function structure<const Members extends Record<string, Shape<unknown> | Member<unknown>>>(
  members: Members,
  name = '',
): Shape<StructureOf<Members>> {
  return {
    kind: 'structure',
    name,
    members: Object.entries(members).map(([member, value]) => ({
      name: member,
      shownName: member.charAt(0).toLowerCase() + member.slice(1),
      ...('isRequired' in value ? value : { shape: value, isRequired: false }),
    })),
  }
}
