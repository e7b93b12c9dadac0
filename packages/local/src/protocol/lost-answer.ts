/**
 * Thrown in place of an answer when the failure schedule withholds it: the caller sees a broken connection
 * (`reset`) or hears nothing until it gives up (`silence`).
 */
export class LostAnswer extends Error {
  readonly manner: 'reset' | 'silence'

  /**
   * @param manner - What the caller is to see.
   */
  constructor(manner: 'reset' | 'silence') {
    super(manner === 'reset' ? 'The connection was reset.' : 'No answer came.')
    this.name = 'LostAnswer'
    this.manner = manner
  }
}
