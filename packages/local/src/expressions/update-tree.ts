import type { UpdateAction, UpdateNode } from './update-node.ts'

/** Either what to do with a value, or what to do with the members of a map or list. */
export type UpdateTree =
  | { readonly action: UpdateAction }
  | { readonly action?: undefined; readonly members: ReadonlyMap<string | number, UpdateTree> }

/**
 * Puts the actions of an update where their paths lead, so that each map and list is copied once however
 * many actions go through it.
 *
 * @returns What to do with each attribute.
 * @internal
 */
export function updateTree({ actions }: UpdateNode): ReadonlyMap<string, UpdateTree> {
  const root = new Map<string, UpdateTree>()
  for (const action of actions) insert(root as Map<string | number, UpdateTree>, action)
  return root
}

function insert(root: Map<string | number, UpdateTree>, action: UpdateAction): void {
  const { path } = action
  let members = root
  for (const element of path.slice(0, -1)) {
    const known = members.get(element)
    const next = known !== undefined && 'members' in known ? known.members : new Map<string | number, UpdateTree>()
    if (known === undefined) members.set(element, { members: next })
    members = next as Map<string | number, UpdateTree>
  }
  members.set(path[path.length - 1] as string | number, { action })
}
