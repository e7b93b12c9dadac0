import type { Answer, Exchange } from './exchange.ts'
import { withLength, writeHead, writeMessage } from './message.ts'
import { successMessage } from './service-answers.ts'

/** Whether a request that gets no answer is carried out. */
export type Fate = 'carried-out' | 'dropped'

function decide(exchange: Exchange, fate: Fate): void {
  if (fate === 'carried-out') exchange.commit()
}

/** Breaks the connection in place of an answer. */
export function resetConnection(fate: Fate): Answer {
  return {
    run: (exchange) => {
      decide(exchange, fate)
      exchange.reset()
    },
  }
}

/** Closes the connection in place of an answer. */
export function closeWithoutAnswer(fate: Fate): Answer {
  return {
    run: (exchange) => {
      decide(exchange, fate)
      exchange.stream.end()
    },
  }
}

/** Takes the request, carries it out, and never answers. */
export function silence(): Answer {
  return { run: (exchange) => exchange.commit() }
}

/** Answers after a while. */
export function slowFirstByte(milliseconds: number): Answer {
  return {
    run: async (exchange) => {
      exchange.commit()
      await exchange.pause(milliseconds)
      exchange.send(writeMessage(successMessage(exchange)))
    },
  }
}

/** Answers byte by byte, with a pause after each piece. */
export function slowBody(pieces: number, pause: number): Answer {
  return {
    run: async (exchange) => {
      exchange.commit()
      const bytes = writeMessage(successMessage(exchange))
      const size = Math.ceil(bytes.length / pieces)
      for (let at = 0; at < bytes.length; at += size) {
        exchange.send(bytes.subarray(at, at + size))
        await exchange.pause(pause)
      }
    },
  }
}

/** Sends the head and half of the body, and then does as told. */
function halfAnswer(then: (exchange: Exchange) => void): Answer {
  return {
    run: (exchange) => {
      exchange.commit()
      const message = successMessage(exchange)
      exchange.send(writeHead(message.status, withLength(message)))
      exchange.send(message.body.subarray(0, Math.floor(message.body.length / 2)))
      then(exchange)
    },
  }
}

/** Closes the connection in the middle of the body. */
export function truncatedBody(): Answer {
  return halfAnswer((exchange) => {
    exchange.stream.end()
  })
}

/** Breaks the connection in the middle of the body. */
export function resetInBody(): Answer {
  return halfAnswer((exchange) => {
    // The reset would overtake the bytes if they were still in this process.
    setImmediate(() => {
      exchange.reset()
    })
  })
}

/** Stops in the middle of the body, with the connection open. */
export function stalledBody(): Answer {
  return halfAnswer(() => undefined)
}

/** Answers, and closes the connection without having announced it. */
export function thenClose(answer: Answer, after = 0): Answer {
  return {
    run: async (exchange) => {
      await answer.run(exchange)
      if (after > 0) await exchange.pause(after)
      exchange.stream.end()
    },
  }
}
