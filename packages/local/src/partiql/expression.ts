import type { StatementToken } from './statement-token.ts'

/** A step of a path: into a map, into a list, or what DynamoDB knows no paths for. */
export type PathStep =
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'index'; readonly index: Expression }
  | { readonly type: 'unpivot' | 'wildcard'; readonly token: StatementToken }

/** What stands in a statement, with the token that messages point at. */
interface ExpressionBase {
  readonly token: StatementToken
}

/** A name, and what follows it. */
export interface PathExpression extends ExpressionBase {
  readonly type: 'path'
  readonly steps: readonly PathStep[]
}

/** A function and what it is called with. */
export interface CallExpression extends ExpressionBase {
  readonly type: 'call'
  /** In lower case. */
  readonly name: string
  readonly operands: readonly Expression[]
}

/** A pair of a map. */
export interface StructMember {
  readonly key: Expression
  readonly value: Expression
}

/** An expression as PartiQL knows them, whatever DynamoDB makes of it. */
export type Expression =
  | PathExpression
  | CallExpression
  | (ExpressionBase & { readonly type: 'string' | 'number'; readonly text: string })
  | (ExpressionBase & { readonly type: 'boolean'; readonly value: boolean })
  | (ExpressionBase & { readonly type: 'null' | 'missing' })
  | (ExpressionBase & { readonly type: 'parameter'; readonly index: number })
  | (ExpressionBase & { readonly type: 'list' | 'bag'; readonly members: readonly Expression[] })
  | (ExpressionBase & { readonly type: 'struct'; readonly members: readonly StructMember[] })
  | (ExpressionBase & {
      readonly type: 'operation'
      readonly operator: string
      readonly operands: readonly Expression[]
    })
  | (ExpressionBase & {
      readonly type: 'is'
      readonly operand: Expression
      readonly typeName: string
      readonly isNegated: boolean
    })
  | (ExpressionBase & { readonly type: 'select'; readonly select: SelectExpression })
  | (ExpressionBase & { readonly type: 'write'; readonly write: WriteExpression })
  | (ExpressionBase & { readonly type: 'unsupported'; readonly name: string })

/** What a SELECT or a FROM reads from. */
export interface FromExpression {
  readonly sources: readonly Expression[]
  readonly isAliased: boolean
}

/** A column of a SELECT. */
export interface ColumnExpression {
  readonly value: Expression
  readonly isAliased: boolean
}

/** A key of an ORDER BY clause. */
export interface OrderExpression {
  readonly key: Expression
  readonly isDescending: boolean
}

/** A SELECT. */
export interface SelectExpression {
  readonly isDistinct: boolean
  /** Undefined for `*`, or when it is not a list at all. */
  readonly columns: readonly ColumnExpression[] | undefined
  readonly isList: boolean
  readonly from: FromExpression
  readonly where: Expression | undefined
  readonly isGrouped: boolean
  readonly having: Expression | undefined
  readonly order: readonly OrderExpression[] | undefined
  readonly limit: Expression | undefined
}

/** What an UPDATE does to attributes. */
export type ChangeExpression =
  | { readonly type: 'set'; readonly path: PathExpression; readonly value: Expression }
  | { readonly type: 'remove'; readonly path: PathExpression }

/** A RETURNING clause. */
export interface ReturningExpression {
  readonly scope: 'ALL' | 'MODIFIED'
  readonly when: 'OLD' | 'NEW'
}

/** A statement that writes. */
export type WriteExpression =
  | {
      readonly type: 'insert'
      readonly target: PathExpression
      readonly value: Expression
      /** Whether the value follows VALUE. */
      readonly isSingle: boolean
      readonly returning: ReturningExpression | undefined
    }
  | {
      readonly type: 'update'
      readonly from: FromExpression
      readonly changes: readonly ChangeExpression[]
      readonly where: Expression | undefined
      readonly returning: ReturningExpression | undefined
    }
  | {
      readonly type: 'delete'
      readonly from: FromExpression
      readonly where: Expression | undefined
      readonly returning: ReturningExpression | undefined
    }
