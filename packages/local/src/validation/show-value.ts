import type { ShapeDescription } from './shape.ts'

/**
 * Shows a part of a request as DynamoDB's messages do, but for the values of attributes, of which only the type
 * is shown.
 *
 * @param shape - What it looks like.
 * @param value - The part, as readShape gave it.
 * @internal
 */
export function showValue(shape: ShapeDescription, value: unknown): string {
  switch (shape.kind) {
    case 'list':
      return `[${(value as readonly unknown[]).map((member) => showValue(shape.member, member)).join(', ')}]`
    case 'map':
      return `{${Object.entries(value as object)
        .map(([name, member]) => `${name}=${showValue(shape.member, member)}`)
        .join(', ')}}`
    case 'structure':
      return `${shape.name}(${shape.members
        .filter(({ name }) => (value as Readonly<Record<string, unknown>>)[name] !== undefined)
        .map(
          ({ name, shownName, shape: member }) =>
            `${shownName}=${showValue(member, (value as Readonly<Record<string, unknown>>)[name])}`,
        )
        .join(', ')})`
    case 'attributeValue':
      return `AttributeValue(${Object.keys(value as object).join(', ')})`
    default:
      return String(value)
  }
}
