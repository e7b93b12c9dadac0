import type { NativeItem } from '../codec/native-value.ts'
import { type KeyShape, keyShapeLike, keyShapeOf } from '../planner/key-shape.ts'
import type { Entity } from '../schema/entity.ts'
import type { Table } from '../schema/table.ts'
import type { TableSource } from './table-repository.ts'

/** How an adapter knows its tables. */
export interface TableSources {
  /** Gives a table, or how to learn of it. */
  sourceOf(table: string | Table): TableSource
}

/** Where a request goes. */
export interface RequestPlace {
  readonly entity?: Entity | undefined
  readonly table?: string | Table | undefined
}

/** What is known of the keys of the tables that requests go to: the same for all requests to one of them. */
export class RequestedTables {
  readonly #sources: TableSources
  readonly #shapes = new Map<string, KeyShape>()

  constructor(sources: TableSources) {
    this.#sources = sources
  }

  /** Learns from a request what its table is like, where it says so. */
  declare(place: RequestPlace): void {
    const table = place.entity?.table ?? this.sourceOf(place).table
    if (table && !this.#shapes.has(table.name)) this.#shapes.set(table.name, keyShapeOf(table))
  }

  /** Gives the table of a request, or how to learn of it. */
  sourceOf({ entity, table }: RequestPlace): TableSource {
    return this.#sources.sourceOf(entity?.table ?? table ?? '')
  }

  /** What the keys of a table are like, where it is known. */
  known(place: RequestPlace): KeyShape | undefined {
    return this.#shapes.get(this.#nameOf(place))
  }

  /** What the keys of a table are like; a key says enough where the table is not declared. */
  shapeOfKey(place: RequestPlace, key: NativeItem): KeyShape {
    const shape = this.known(place) ?? keyShapeLike(this.#nameOf(place), key)
    this.#shapes.set(shape.tableName, shape)
    return shape
  }

  /** Asks DynamoDB what the keys of a table are like, unless it is known. */
  async load(place: RequestPlace): Promise<KeyShape> {
    const known = this.known(place)
    if (known) return known
    const shape = keyShapeOf(await this.sourceOf(place).load())
    this.#shapes.set(shape.tableName, shape)
    return shape
  }

  #nameOf(place: RequestPlace): string {
    return place.entity?.table.name ?? this.sourceOf(place).name
  }
}
