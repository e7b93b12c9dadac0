/**
 * Stands where a type is wrong, so that the compiler's message says why.
 *
 * No value has this type. The message is kept in a list, because the compiler would reduce two different
 * messages to `never`, and the reader would see neither.
 */
export interface TypeProblem<Message extends string> {
  /** What is wrong. */
  readonly '~problem': readonly [Message]
}
