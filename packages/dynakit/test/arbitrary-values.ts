import { Decimal, type NativeItem, type NativeValue } from 'dynakit'
import fc from 'fast-check'

/** Text of any characters UTF-8 can hold. */
export const anyText: fc.Arbitrary<string> = fc
  .string({ unit: 'binary', maxLength: 30 })
  .filter((text) => text.isWellFormed())

const float = fc
  .double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 })
  .filter(
    (value) =>
      (!Number.isInteger(value) || Number.isSafeInteger(value)) && (value === 0 || Math.abs(value) > 1e-120),
  )
const decimal = fc
  .tuple(fc.bigInt(-(10n ** 30n), 10n ** 30n), fc.integer({ min: -20, max: 5 }))
  .map(([digits, exponent]) => Decimal.from(`${String(digits)}e${String(exponent)}`))

/** Numbers of every JavaScript form DynamoDB can hold. */
const anyNumber: fc.Arbitrary<number | bigint | Decimal> = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -1000, max: 1000 }),
  float,
  fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n),
  decimal,
)

const bytes = fc.uint8Array({ maxLength: 40 }).map((value) => new Uint8Array(value))

function setOf<Member>(
  member: fc.Arbitrary<Member>,
  key: (value: Member) => unknown,
): fc.Arbitrary<NativeValue> {
  return fc
    .uniqueArray(member, { minLength: 1, maxLength: 5, selector: key })
    .map((members) => new Set(members) as unknown as NativeValue)
}

/** Any value DynamoDB can hold. */
export const anyValue: fc.Arbitrary<NativeValue> = fc.letrec<{ value: NativeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    anyText,
    anyNumber,
    fc.boolean(),
    fc.constant(null),
    bytes,
    setOf(anyText, (member) => member),
    setOf(anyNumber, (member) => Decimal.from(member.toString()).toString()),
    setOf(bytes, (member) => Buffer.from(member).toString('latin1')),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(anyText, tie('value'), { maxKeys: 4 }),
  ),
})).value

/** Any item. */
export const anyItem: fc.Arbitrary<NativeItem> = fc.dictionary(anyText, anyValue, { maxKeys: 8 })
