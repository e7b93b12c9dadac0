type Make = new (isFilled: boolean) => Record<string, unknown>

const sizes = [8, 16, 24, 32] as const
const makers = sizes.map((): Make | undefined => undefined)
const roomOfLiteral = 4

/**
 * Makes an empty plain object with room for members that will be added by computed names.
 *
 * V8 gives `{}` room for four. Each further member moves all but those to a larger place, and with about
 * twenty the object becomes a hash table, slower to fill and to read. An object with room from the start
 * is as if it had been written as a literal.
 *
 * @param size - How many members are expected; more and fewer are allowed.
 * @returns An object like `{}`.
 * @internal
 */
export function plainObject<Value>(size: number): Record<string, Value> {
  if (size <= roomOfLiteral) return {}
  const at = size > 24 ? 3 : (size - 1) >> 3
  return new (makers[at] ??= makerWithRoom(sizes[at] as number))(false) as Record<string, Value>
}

const instancesV8Watches = 8

function makerWithRoom(size: number): Make {
  function Plain(this: Record<string, number>, isFilled: boolean): void {
    // Never run: V8 counts these assignments to decide how much room the first instances get...
    // prettier-ignore
    if (isFilled)
      this.a = this.b = this.c = this.d = this.e = this.f = this.g = this.h =
      this.i = this.j = this.k = this.l = this.m = this.n = this.o = this.p =
      this.q = this.r = this.s = this.t = this.u = this.v = this.w = this.x =
      this.y = this.z = this.A = this.B = this.C = this.D = this.E = this.F = 0
  }
  Plain.prototype = Object.prototype
  const make = Plain as unknown as Make
  // ... and takes away what those do not use.
  for (let instance = 0; instance < instancesV8Watches; instance++) {
    const first = new make(false)
    for (let member = 0; member < size; member++) first[`m${String(member)}`] = instance
  }
  return make
}
