import type { Entity, EntityKey } from '../schema/entity.ts'
import type { TypeProblem } from '../schema/type-problem.ts'

export type { ModelFor, PutInput } from '../schema/entity.ts'

/** The key `restore` accepts: no value where the entity has no `softDelete`. */
export type RestoreKey<Definition extends Entity> = NonNullable<
  Definition['~model']
>['softDelete'] extends false
  ? TypeProblem<'items are deleted for good: define the entity with softDelete: true'>
  : EntityKey<Definition>

type IsUnion<Type, All = Type> = Type extends unknown ? ([All] extends [Type] ? false : true) : never

/** Values that must be equal; fields that are `undefined` do not count. */
export type Criteria<Item> = { readonly [Name in keyof Item]?: Item[Name] | undefined }

/** The key of an item; the bare value where the key is one field. */
export type IdOf<Definition extends Entity> =
  | EntityKey<Definition>
  | (IsUnion<keyof EntityKey<Definition>> extends false
      ? EntityKey<Definition>[keyof EntityKey<Definition>]
      : never)
