import { Cursor } from './cursor.ts'
import { Branch, Leaf, maximumSize, minimumSize, type Owner, type TreeNode } from './tree-node.ts'

/** Orders two keys: less than, equal to or greater than zero. */
export type Compare<Key> = (left: Key, right: Key) => number

/**
 * An ordered map as a B+tree whose nodes are shared between copies. Entries carry their keys.
 *
 * A copy costs nothing: it is another map on the same root. A map changes nodes that its owner made in place,
 * and copies those it shares; whoever makes a copy must give both sides new owners ({@link withOwner}).
 */
export class OrderedMap<Key, Entry extends Key> {
  readonly #compare: Compare<Key>
  readonly #owner: Owner
  #root: TreeNode<Entry>
  #size: number

  /** Makes an empty map; see {@link withOwner} for copies. */
  constructor(compare: Compare<Key>, owner: Owner, root: TreeNode<Entry> = new Leaf(owner, []), size = 0) {
    this.#compare = compare
    this.#owner = owner
    this.#root = root
    this.#size = size
  }

  /** Number of entries. */
  get size(): number {
    return this.#size
  }

  /**
   * Gives the map for an owner: itself if it is its own, or a copy. The map copied must not be written any more
   * unless it is given a new owner too.
   */
  withOwner(owner: Owner): OrderedMap<Key, Entry> {
    return owner === this.#owner ? this : new OrderedMap(this.#compare, owner, this.#root, this.#size)
  }

  /** Finds the entry of a key. */
  get(key: Key): Entry | undefined {
    let node = this.#root
    while (node instanceof Branch) node = node.children[this.#childIndex(node, key)] as TreeNode<Entry>
    const { entries } = node
    const entry = entries[this.#position(entries, key)]
    return entry !== undefined && this.#compare(entry, key) === 0 ? entry : undefined
  }

  /** Puts an entry in the place of the one with the same key, which it returns, or adds it. */
  set(entry: Entry): Entry | undefined {
    this.#root = this.#own(this.#root)
    const replaced = this.#insert(this.#root, entry)
    if (replaced === undefined) this.#size += 1
    if (this.#root.size > maximumSize) {
      const right = this.#root.split(this.#owner)
      this.#root = new Branch(this.#owner, [this.#root, right], [this.#root.first, right.first])
    }
    return replaced
  }

  /** Takes the entry of a key out, and returns it. */
  delete(key: Key): Entry | undefined {
    if (this.get(key) === undefined) return undefined
    this.#root = this.#own(this.#root)
    const removed = this.#remove(this.#root, key)
    this.#size -= 1
    if (this.#root instanceof Branch && this.#root.children.length === 1) {
      this.#root = this.#root.children[0] as TreeNode<Entry>
    }
    return removed
  }

  /**
   * Opens a cursor at the first entry that is not before the place sought.
   *
   * @param isBefore - Whether an entry is before it; true for a first part of the entries, false for the rest.
   */
  seek(isBefore: (entry: Entry) => boolean): Cursor<Entry> {
    return new Cursor(this.#root, isBefore)
  }

  /** All entries in order. The map must not be changed meanwhile. */
  *entries(): Generator<Entry, void, undefined> {
    const cursor = this.seek(() => false)
    while (cursor.entry !== undefined) {
      yield cursor.entry
      cursor.next()
    }
  }

  #own(node: TreeNode<Entry>): TreeNode<Entry> {
    return node.owner === this.#owner ? node : node.copy(this.#owner)
  }

  /** Where the key stands in a leaf, or would stand. */
  #position(entries: readonly Entry[], key: Key): number {
    // Written out, without a function per search: this is what every operation waits for.
    const compare = this.#compare
    let low = 0
    let high = entries.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(entries[middle] as Entry, key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The last child whose first key is not after the key. */
  #childIndex({ firsts }: Branch<Entry>, key: Key): number {
    const compare = this.#compare
    let low = 0
    let high = firsts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(firsts[middle] as Entry, key) <= 0) low = middle + 1
      else high = middle
    }
    return low === 0 ? 0 : low - 1
  }

  #insert(node: TreeNode<Entry>, entry: Entry): Entry | undefined {
    if (node instanceof Leaf) return this.#insertIntoLeaf(node, entry)
    const index = this.#childIndex(node, entry)
    const child = this.#own(node.children[index] as TreeNode<Entry>)
    node.children[index] = child
    const replaced = this.#insert(child, entry)
    if (index === 0) node.firsts[0] = child.first
    if (child.size > maximumSize) {
      const right = child.split(this.#owner)
      node.children.splice(index + 1, 0, right)
      node.firsts.splice(index + 1, 0, right.first)
    }
    return replaced
  }

  #insertIntoLeaf({ entries }: Leaf<Entry>, entry: Entry): Entry | undefined {
    const position = this.#position(entries, entry)
    const existing = entries[position]
    if (existing !== undefined && this.#compare(existing, entry) === 0) {
      entries[position] = entry
      return existing
    }
    if (position === entries.length) entries.push(entry)
    else entries.splice(position, 0, entry)
    return undefined
  }

  #remove(node: TreeNode<Entry>, key: Key): Entry | undefined {
    if (node instanceof Leaf) return node.entries.splice(this.#position(node.entries, key), 1)[0]
    const index = this.#childIndex(node, key)
    const child = this.#own(node.children[index] as TreeNode<Entry>)
    node.children[index] = child
    const removed = this.#remove(child, key)
    if (child.size < minimumSize && node.children.length > 1) this.#refill(node, index)
    else node.firsts[index] = child.first
    return removed
  }

  /** Merges a child that has become small with its neighbour, and splits the two again when that is too much. */
  #refill(node: Branch<Entry>, index: number): void {
    const leftIndex = Math.max(0, index - 1)
    const left = this.#own(node.children[leftIndex] as TreeNode<Entry>)
    const right = node.children[leftIndex + 1] as TreeNode<Entry>
    left.append(right)
    node.children.splice(leftIndex, 2, left)
    node.firsts.splice(leftIndex, 2, left.first)
    if (left.size <= maximumSize) return
    const half = left.split(this.#owner)
    node.children.splice(leftIndex + 1, 0, half)
    node.firsts.splice(leftIndex + 1, 0, half.first)
  }
}
