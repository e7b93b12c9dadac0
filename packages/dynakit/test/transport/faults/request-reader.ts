/** The first part of a request. */
export interface RequestHead {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

/** Hears what a reader finds. */
export interface RequestListener {
  onHead(head: RequestHead): void
  onRequest(head: RequestHead, body: string): void
}

/** Cuts the bytes of one connection into requests; bodies must have a `content-length`. */
export class RequestReader {
  readonly #listener: RequestListener
  #chunks: Buffer[] = []
  #length = 0
  #head: RequestHead | undefined

  constructor(listener: RequestListener) {
    this.#listener = listener
  }

  /** Takes the next bytes. */
  push(bytes: Buffer): void {
    this.#chunks.push(bytes)
    this.#length += bytes.length
    while (this.#advance());
  }

  /** Reads one head or one body, and tells whether there may be more. */
  #advance(): boolean {
    if (this.#head) return this.#readBody(this.#head)
    const buffered = this.#buffered()
    const end = buffered.indexOf('\r\n\r\n')
    if (end === -1) return false
    this.#head = parseHead(buffered.toString('latin1', 0, end))
    this.#keep(buffered.subarray(end + 4))
    this.#listener.onHead(this.#head)
    return true
  }

  #readBody(head: RequestHead): boolean {
    const expected = Number(head.headers['content-length'] ?? 0)
    if (this.#length < expected) return false
    const buffered = this.#buffered()
    const body = buffered.toString('utf8', 0, expected)
    this.#keep(buffered.subarray(expected))
    this.#head = undefined
    this.#listener.onRequest(head, body)
    return this.#length > 0
  }

  #buffered(): Buffer {
    const [first] = this.#chunks
    if (first && this.#chunks.length === 1) return first
    const joined = Buffer.concat(this.#chunks)
    this.#chunks = [joined]
    return joined
  }

  #keep(rest: Buffer): void {
    this.#chunks = [rest]
    this.#length = rest.length
  }
}

function parseHead(text: string): RequestHead {
  const [line = '', ...lines] = text.split('\r\n')
  const [method = '', path = ''] = line.split(' ')
  const headers: Record<string, string> = {}
  for (const header of lines) {
    const colon = header.indexOf(':')
    const name = header.slice(0, colon).toLowerCase()
    const value = header.slice(colon + 1).trim()
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
  }
  return { method, path, headers }
}
