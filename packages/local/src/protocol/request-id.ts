const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const length = 52
const randomLength = 32

const random = (): string => alphabet[Math.floor(Math.random() * alphabet.length)] as string
const start = Array.from({ length: randomLength }, random).join('')
let count = 0

/**
 * Makes an id for an answer, as DynamoDB writes them: 52 letters and digits.
 *
 * @internal
 */
export function requestId(): string {
  count += 1
  return (
    start +
    count
      .toString(36)
      .toUpperCase()
      .padStart(length - randomLength, '0')
  )
}
