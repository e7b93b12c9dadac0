/**
 * Sets a member of an object made from data. Plain assignment of a member called `__proto__` would change
 * the prototype instead.
 *
 * @internal
 */
export function defineMember(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') target[name] = value
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
}
