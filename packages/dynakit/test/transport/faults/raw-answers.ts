import type { Answer } from './exchange.ts'
import { writeMessage } from './message.ts'
import { successMessage } from './service-answers.ts'

/** A success, its bytes changed. */
export function mutated(mutation: (bytes: Buffer) => Buffer): Answer {
  return {
    run: (exchange) => {
      exchange.commit()
      exchange.send(mutation(writeMessage(successMessage(exchange))))
    },
  }
}

/** A success of which only so many bytes are sent before the connection ends. */
export function cutAt(length: number): Answer {
  return {
    run: async (exchange) => {
      await mutated((bytes) => bytes.subarray(0, length)).run(exchange)
      exchange.stream.end()
    },
  }
}
