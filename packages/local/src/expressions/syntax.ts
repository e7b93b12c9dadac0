/**
 * A document path as an expression writes it: names or their placeholders, and list indexes.
 *
 * An index that is too large for any list is a text in brackets.
 */
export interface PathSyntax {
  readonly type: 'path'
  readonly elements: readonly (string | number)[]
}

/** A placeholder of a value. */
export interface ValueSyntax {
  readonly type: 'value'
  readonly placeholder: string
}

/** A function with its operands. */
export interface FunctionSyntax {
  readonly type: 'function'
  readonly name: string
  readonly operands: readonly OperandSyntax[]
}

/** An addition or subtraction in an update expression. */
interface ArithmeticSyntax {
  readonly type: 'arithmetic'
  readonly operator: '+' | '-'
  readonly left: OperandSyntax
  readonly right: OperandSyntax
}

/** A condition that is compared, as only PartiQL can. */
interface ComparedConditionSyntax {
  readonly type: 'condition'
  readonly condition: ConditionSyntax
}

/** What operators and functions work on. */
export type OperandSyntax =
  PathSyntax | ValueSyntax | FunctionSyntax | ArithmeticSyntax | ComparedConditionSyntax

/** The operators that compare two operands. */
export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>='

/** A condition as an expression writes it. */
export type ConditionSyntax =
  | { readonly type: 'and' | 'or'; readonly conditions: readonly ConditionSyntax[] }
  | { readonly type: 'not'; readonly condition: ConditionSyntax }
  | {
      readonly type: 'comparison'
      readonly operator: Comparator
      readonly left: OperandSyntax
      readonly right: OperandSyntax
    }
  | {
      readonly type: 'between'
      readonly operand: OperandSyntax
      readonly lower: OperandSyntax
      readonly upper: OperandSyntax
    }
  | { readonly type: 'in'; readonly operand: OperandSyntax; readonly candidates: readonly OperandSyntax[] }
  | FunctionSyntax

/** One action of an update expression. */
export type UpdateActionSyntax =
  | { readonly section: 'SET'; readonly path: PathSyntax; readonly value: OperandSyntax }
  | { readonly section: 'REMOVE'; readonly path: PathSyntax }
  | { readonly section: 'ADD' | 'DELETE'; readonly path: PathSyntax; readonly value: ValueSyntax }

/** The sections of an update expression. */
export type UpdateSection = UpdateActionSyntax['section']

/** A section of an update expression with its actions. */
export interface UpdateSectionSyntax {
  readonly section: UpdateSection
  readonly actions: readonly UpdateActionSyntax[]
}
