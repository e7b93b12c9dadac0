import { Branch, lowerBound, type TreeNode } from './tree-node.ts'

/** A place between the entries of an ordered map, from where it can be read both ways. */
export class Cursor<Entry> {
  readonly #branches: Branch<Entry>[] = []
  readonly #indexes: number[] = []
  #entries: readonly Entry[] = []
  #position = 0

  /**
   * Goes to the first entry that is not before a place; see OrderedMap.seek.
   *
   * @param root - The root of the map.
   * @param isBefore - Whether an entry is before the place.
   */
  constructor(root: TreeNode<Entry>, isBefore: (entry: Entry) => boolean) {
    let node = root
    while (node instanceof Branch) {
      const index = Math.max(0, lowerBound(node.firsts, isBefore) - 1)
      this.#branches.push(node)
      this.#indexes.push(index)
      node = node.children[index] as TreeNode<Entry>
    }
    this.#entries = node.entries
    this.#position = lowerBound(node.entries, isBefore)
    if (this.#position === this.#entries.length) this.#turn(1)
  }

  /** The entry after the cursor's place; undefined at the end of the map. */
  get entry(): Entry | undefined {
    return this.#entries[this.#position]
  }

  /** Moves to the next entry. */
  next(): void {
    this.#position += 1
    if (this.#position >= this.#entries.length) this.#turn(1)
  }

  /** Moves to the entry before, and tells whether there was one. */
  previous(): boolean {
    if (this.#position === 0 && !this.#turn(-1)) return false
    this.#position -= 1
    return true
  }

  /** Goes to the leaf beside; to its start when going up, to its end when going down. */
  #turn(step: 1 | -1): boolean {
    let depth = this.#branches.length - 1
    while (depth >= 0 && !this.#hasSibling(depth, step)) depth -= 1
    if (depth < 0) return false
    this.#indexes[depth] = (this.#indexes[depth] as number) + step
    let node = this.#child(depth)
    while (node instanceof Branch) {
      depth += 1
      this.#branches[depth] = node
      this.#indexes[depth] = step > 0 ? 0 : node.children.length - 1
      node = this.#child(depth)
    }
    this.#entries = node.entries
    this.#position = step > 0 ? 0 : node.entries.length
    return true
  }

  #hasSibling(depth: number, step: 1 | -1): boolean {
    const index = (this.#indexes[depth] as number) + step
    return index >= 0 && index < (this.#branches[depth] as Branch<Entry>).children.length
  }

  #child(depth: number): TreeNode<Entry> {
    return (this.#branches[depth] as Branch<Entry>).children[
      this.#indexes[depth] as number
    ] as TreeNode<Entry>
  }
}
