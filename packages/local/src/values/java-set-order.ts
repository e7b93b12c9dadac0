/**
 * Puts texts into the order in which Java goes through a set of them, as DynamoDB's messages do.
 *
 * @param texts - The texts, in the order they were added.
 * @internal
 */
export function javaSetOrder(texts: readonly string[]): readonly string[] {
  let capacity = 16
  while (texts.length > capacity * 0.75) capacity *= 2
  const place = (text: string): number => {
    const hash = hashCode(text)
    return (hash ^ (hash >>> 16)) & (capacity - 1)
  }
  return [...texts].sort((left, right) => place(left) - place(right))
}

function hashCode(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0
  return hash
}
