/** Says who may change a node in place: the map whose owner made it. */
export type Owner = object

/** Entries of a leaf and children of a branch at most; a write of a shared tree copies this much per level. */
export const maximumSize = 32
/** Below this a node is merged with its neighbour. */
export const minimumSize = 10

/** A node of a B+tree. Only the map of its owner may change it. */
export type TreeNode<Entry> = Leaf<Entry> | Branch<Entry>

/** A node that holds entries. */
export class Leaf<Entry> {
  readonly owner: Owner
  readonly entries: Entry[]

  constructor(owner: Owner, entries: Entry[]) {
    this.owner = owner
    this.entries = entries
  }

  get size(): number {
    return this.entries.length
  }

  /** The first entry; there is one unless the whole map is empty. */
  get first(): Entry {
    return this.entries[0] as Entry
  }

  copy(owner: Owner): Leaf<Entry> {
    return new Leaf(owner, this.entries.slice())
  }

  /** Moves the upper half into a new node. */
  split(owner: Owner): Leaf<Entry> {
    return new Leaf(owner, this.entries.splice(this.entries.length >> 1))
  }

  append(right: TreeNode<Entry>): void {
    this.entries.push(...(right as Leaf<Entry>).entries)
  }
}

/** A node that holds nodes, and for each an entry that is not after any of its own but after all before it. */
export class Branch<Entry> {
  readonly owner: Owner
  readonly children: TreeNode<Entry>[]
  readonly firsts: Entry[]

  constructor(owner: Owner, children: TreeNode<Entry>[], firsts: Entry[]) {
    this.owner = owner
    this.children = children
    this.firsts = firsts
  }

  get size(): number {
    return this.children.length
  }

  get first(): Entry {
    return this.firsts[0] as Entry
  }

  copy(owner: Owner): Branch<Entry> {
    return new Branch(owner, this.children.slice(), this.firsts.slice())
  }

  /** Moves the upper half into a new node. */
  split(owner: Owner): Branch<Entry> {
    const at = this.children.length >> 1
    return new Branch(owner, this.children.splice(at), this.firsts.splice(at))
  }

  append(right: TreeNode<Entry>): void {
    const { children, firsts } = right as Branch<Entry>
    this.children.push(...children)
    this.firsts.push(...firsts)
  }
}

/**
 * Finds the first element that is not before a place.
 *
 * @param elements - Elements in order.
 * @param isBefore - Whether an element is before it.
 * @internal
 */
export function lowerBound<Element>(
  elements: readonly Element[],
  isBefore: (element: Element) => boolean,
): number {
  let low = 0
  let high = elements.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(elements[middle] as Element)) low = middle + 1
    else high = middle
  }
  return low
}
