import { validationError } from '../protocol/service-error.ts'
import { setAttribute, type AttributeMap, type AttributeValue, type Item } from '../values/attribute-value.ts'
import { addNumbers, subtractNumbers } from '../values/number.ts'
import { valueAt } from './document-path.ts'
import type { UpdateAction, UpdateNode, UpdateOperand } from './update-node.ts'
import { updateTree, type UpdateTree } from './update-tree.ts'

type Trees = ReadonlyMap<string | number, UpdateTree>

/**
 * Applies an update to an item. All its values are read from the item as it was, whatever the order of the
 * actions; list indexes mean the list as it was.
 *
 * @param node - The update.
 * @param item - The item, or its key attributes when there is none yet.
 * @returns The new item; the old one is left as it was.
 * @throws ServiceError when the item has not the attributes or types the update needs.
 * @internal
 */
export function applyUpdate(node: UpdateNode, item: Item): Item {
  return new Update(node, item).apply()
}

class Update {
  readonly #node: UpdateNode
  readonly #old: Item

  constructor(node: UpdateNode, old: Item) {
    this.#node = node
    this.#old = old
  }

  apply(): Item {
    return this.#map(this.#old, updateTree(this.#node))
  }

  #map(map: AttributeMap, trees: Trees): AttributeMap {
    const result: Record<string, AttributeValue> = { ...map }
    for (const [element, tree] of trees) {
      const name = String(element)
      const value = this.#value(Object.hasOwn(map, name) ? map[name] : undefined, tree)
      if (value === undefined) Reflect.deleteProperty(result, name)
      else setAttribute(result, name, value)
    }
    return result
  }

  /** What lies beyond the end is appended in the order of the indexes; what is removed leaves no gap. */
  #list(list: readonly AttributeValue[], trees: Trees): readonly AttributeValue[] {
    const result: (AttributeValue | undefined)[] = [...list]
    const beyond: [index: number, value: AttributeValue | undefined][] = []
    for (const [element, tree] of trees) {
      const index = Number(element)
      const value = this.#value(list[index], tree)
      if (index < list.length) result[index] = value
      else beyond.push([index, value])
    }
    beyond.sort(([first], [second]) => first - second)
    return [...result, ...beyond.map(([, value]) => value)].filter((value) => value !== undefined)
  }

  #value(value: AttributeValue | undefined, tree: UpdateTree): AttributeValue | undefined {
    if (tree.action !== undefined) return this.#perform(tree.action, value)
    const isList = typeof firstKey(tree.members) === 'number'
    if (value !== undefined && isList && 'L' in value) return { L: this.#list(value.L, tree.members) }
    if (value !== undefined && !isList && 'M' in value) return { M: this.#map(value.M, tree.members) }
    throw validationError('The document path provided in the update expression is invalid for update')
  }

  #perform(action: UpdateAction, value: AttributeValue | undefined): AttributeValue | undefined {
    switch (action.type) {
      case 'set':
        return this.#read(action.value)
      case 'remove':
        return undefined
      case 'add':
        return value === undefined ? action.value : this.#add(value, action.value)
      case 'delete':
        return value === undefined ? undefined : this.#delete(value, action.value)
    }
  }

  #read(operand: UpdateOperand): AttributeValue {
    switch (operand.type) {
      case 'value':
        return operand.value
      case 'path':
        return valueAt(this.#old, operand.path) ?? missingAttribute()
      case 'if_not_exists':
        return valueAt(this.#old, operand.path) ?? this.#read(operand.otherwise)
      case 'list_append':
        return this.#append(operand.left, operand.right)
      case '+':
      case '-':
        return this.#calculate(operand.type, operand.left, operand.right)
    }
  }

  #append(leftOperand: UpdateOperand, rightOperand: UpdateOperand): AttributeValue {
    const left = this.#read(leftOperand)
    if (!('L' in left)) throw this.#typeMismatch()
    const right = this.#read(rightOperand)
    if (!('L' in right)) throw this.#typeMismatch()
    return { L: [...left.L, ...right.L] }
  }

  #calculate(operator: '+' | '-', leftOperand: UpdateOperand, rightOperand: UpdateOperand): AttributeValue {
    const left = this.#read(leftOperand)
    if (!('N' in left)) throw this.#typeMismatch()
    const right = this.#read(rightOperand)
    if (!('N' in right)) throw this.#typeMismatch()
    return { N: operator === '+' ? addNumbers(left.N, right.N) : subtractNumbers(left.N, right.N) }
  }

  #add(value: AttributeValue, added: AttributeValue): AttributeValue {
    if ('N' in value && 'N' in added) return { N: addNumbers(value.N, added.N) }
    if ('L' in value && 'L' in added) return { L: [...value.L, ...added.L] }
    if ('SS' in value && 'SS' in added) return { SS: union(value.SS, added.SS) }
    if ('NS' in value && 'NS' in added) return { NS: union(value.NS, added.NS) }
    if ('BS' in value && 'BS' in added) return { BS: union(value.BS, added.BS) }
    throw this.#typeMismatch()
  }

  /** A set that loses its last member goes as a whole. */
  #delete(value: AttributeValue, deleted: AttributeValue): AttributeValue | undefined {
    if ('SS' in value && 'SS' in deleted) return remaining(value.SS, deleted.SS, (SS) => ({ SS }))
    if ('NS' in value && 'NS' in deleted) return remaining(value.NS, deleted.NS, (NS) => ({ NS }))
    if ('BS' in value && 'BS' in deleted) return remaining(value.BS, deleted.BS, (BS) => ({ BS }))
    throw this.#typeMismatch()
  }

  #typeMismatch(): Error {
    return validationError(this.#node.typeMismatch)
  }
}

function firstKey(trees: Trees): string | number | undefined {
  for (const key of trees.keys()) return key
  return undefined
}

function missingAttribute(): never {
  throw validationError('The provided expression refers to an attribute that does not exist in the item')
}

function union(members: readonly string[], added: readonly string[]): readonly string[] {
  return [...new Set([...members, ...added])]
}

function remaining(
  members: readonly string[],
  deleted: readonly string[],
  set: (members: readonly string[]) => AttributeValue,
): AttributeValue | undefined {
  const gone = new Set(deleted)
  const left = members.filter((member) => !gone.has(member))
  return left.length === 0 ? undefined : set(left)
}
