/** The same values beginning with a later one, so that nobody always goes first. */
export function rotated<Value>(values: readonly Value[], by: number): Value[] {
  const at = by % values.length
  return [...values.slice(at), ...values.slice(0, at)]
}
