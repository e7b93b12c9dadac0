import { ValidationError } from '../errors/request-errors.ts'
import { valueType } from '../errors/value-type.ts'

/** What the members of a batch are called in the call that takes them. */
export type BatchMemberName = 'items' | 'keys' | 'requests'

/** What many items can be given as. */
export type Members<Member> = Iterable<Member> | AsyncIterable<Member>

/**
 * Takes the members of a batch as they are given, once.
 *
 * @param members - What the caller gave.
 * @param name - What it is called there, for messages.
 * @returns The members; changing what was given does not change them.
 * @throws ValidationError when it is not iterable, or a member is no object.
 * @internal
 */
export function listMembers<Member extends object>(
  members: Iterable<Member>,
  name: BatchMemberName,
): readonly Member[] {
  if (!isIterable(members)) throw noIterable(members, name)
  const list = Array.from(members)
  const stranger = list.findIndex((member) => !isObject(member))
  if (stranger !== -1) throw noObject(list[stranger], name, stranger)
  return list
}

/**
 * Tells whether members are all there, so that they can be checked before anything is sent.
 *
 * @throws ValidationError when they are no iterable at all.
 * @internal
 */
export function areAllThere<Member>(
  members: Members<Member>,
  name: BatchMemberName,
): members is readonly Member[] {
  if (Array.isArray(members)) return true
  if (isIterable(members) || isAsyncIterable(members)) return false
  throw noIterable(members, name)
}

/**
 * Makes something of one member, whenever it is taken.
 *
 * @throws ValidationError when it is no object or is refused, with its position.
 * @internal
 */
export function atPlace<Member extends object, Made>(
  member: Member,
  name: BatchMemberName,
  at: number,
  make: (member: Member) => Made | Promise<Made>,
): Made | Promise<Made> {
  if (!isObject(member)) throw noObject(member, name, at)
  try {
    const made = make(member)
    if (!(made instanceof Promise)) return made
    return made.catch((error: unknown) => {
      throw atMember(error, name, at)
    })
  } catch (error) {
    throw atMember(error, name, at)
  }
}

/** Tells whether members come later. */
export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return (
    isObject(value) && typeof (value as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === 'function'
  )
}

function noIterable(members: unknown, name: BatchMemberName): ValidationError {
  return new ValidationError(
    `${name}: ${valueType(members)} is given. Give an array or another iterable of ${name}.`,
    { rule: 'batch-members', field: name, valueType: valueType(members) },
  )
}

function isIterable(value: unknown): boolean {
  return isObject(value) && typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function'
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function noObject(member: unknown, name: BatchMemberName, at: number): ValidationError {
  return new ValidationError(
    `${name}[${String(at)}]: ${valueType(member)} is given. Each of the ${name} is an object of attributes.`,
    { rule: 'batch-members', field: `${name}[${String(at)}]`, valueType: valueType(member) },
  )
}

/**
 * Makes something of each member of a batch.
 *
 * @param members - The members.
 * @param name - What they are called in the call, for messages.
 * @param make - Makes it of one member.
 * @returns What was made of each, in order.
 * @throws ValidationError of the first member that is refused, with its position.
 * @internal
 */
export function mapMembers<Member, Made>(
  members: readonly Member[],
  name: BatchMemberName,
  make: (member: Member, at: number) => Made,
): readonly Made[] {
  return members.map((member, at) => {
    try {
      return make(member, at)
    } catch (error) {
      throw atMember(error, name, at)
    }
  })
}

/**
 * Plans each member of a batch by itself.
 *
 * @param members - The members.
 * @param name - What they are called in the call, for messages.
 * @param plan - Plans one; gives a promise only when a schema answers later.
 * @returns What it gave for each, in order; a promise only when one of them was.
 * @throws ValidationError of the first member that is refused, with its position.
 * @internal
 */
export function planMembers<Member, Planned>(
  members: readonly Member[],
  name: BatchMemberName,
  plan: (member: Member) => Planned | Promise<Planned>,
): readonly Planned[] | Promise<readonly Planned[]> {
  const planned = mapMembers(members, name, (member) => {
    const one = plan(member)
    // Another member may be refused before this one is waited for.
    if (one instanceof Promise) one.catch(() => undefined)
    return one
  })
  return planned.some((one) => one instanceof Promise)
    ? settle(planned, name)
    : (planned as readonly Planned[])
}

async function settle<Planned>(
  planned: readonly (Planned | Promise<Planned>)[],
  name: BatchMemberName,
): Promise<readonly Planned[]> {
  const results = await Promise.allSettled(planned)
  return results.map((result, at) => {
    if (result.status === 'rejected') throw atMember(result.reason, name, at)
    return result.value
  })
}

/** Puts the position of the member into an error about it: `items[3].total`. */
function atMember(error: unknown, name: BatchMemberName, at: number): unknown {
  if (!ValidationError.is(error)) return error
  const place = `${name}[${String(at)}]`
  const inside = (path: string | undefined): string =>
    path === undefined || path === '' ? place : `${place}.${path}`
  return new ValidationError(`${place}: ${error.message}`, {
    cause: error.cause,
    rule: error.rule,
    field: inside(error.field),
    valueType: error.valueType,
    tableName: error.tableName,
    issues: error.issues.map(({ path, message }) => ({ path: inside(path), message })),
  })
}
