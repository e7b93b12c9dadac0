import type { UpdateAction, UpdateNode } from './update-node.ts'

/** Either what to do with a value, or what to do with the members of a map or list. */
export type UpdateTree =
  | { readonly action: UpdateAction }
  | { readonly action?: undefined; readonly members: ReadonlyMap<string | number, UpdateTree> }

type Members = Map<string | number, UpdateTree>

/**
 * Puts the actions of an update where their paths lead, so that each map and list is copied once however
 * many actions go through it.
 *
 * @returns What to do with each attribute.
 * @internal
 */
export function updateTree({ actions }: UpdateNode): ReadonlyMap<string | number, UpdateTree> {
  const root: Members = new Map()
  const inner = new Map<UpdateTree, Members>()
  for (const action of actions) {
    let members = root
    for (const element of action.path.slice(0, -1)) members = membersOf(members, element, inner)
    members.set(action.path[action.path.length - 1] as string | number, { action })
  }
  return root
}

function membersOf(parent: Members, element: string | number, inner: Map<UpdateTree, Members>): Members {
  const known = parent.get(element)
  const members = known && inner.get(known)
  if (members !== undefined) return members
  const added: Members = new Map()
  const tree = { members: added }
  parent.set(element, tree)
  inner.set(tree, added)
  return added
}
