/** Bytes before the body of a message: length, number, answered number and kind of message, four bytes each. */
const HEADER_BYTES = 16
const FLAGS_BYTES = 4
const LENGTH_BYTES = 4
const OP_MSG = 2013
const STRING_ELEMENT = 2

/**
 * Takes a stream of bytes apart into messages of MongoDB's wire protocol, each of which begins with its length.
 *
 * @param take Called for every whole message, in order.
 * @returns what to give the bytes to as they come.
 */
export function intoMessages(take: (message: Buffer) => void): (bytes: Buffer) => void {
  let rest = Buffer.alloc(0)
  return (bytes) => {
    rest = Buffer.concat([rest, bytes])
    while (rest.length >= LENGTH_BYTES && rest.length >= rest.readInt32LE(0)) {
      const message = rest.subarray(0, rest.readInt32LE(0))
      rest = rest.subarray(message.length)
      take(message)
    }
  }
}

export const requestNumber = (message: Buffer): number => message.readInt32LE(4)
export const answeredNumber = (message: Buffer): number => message.readInt32LE(8)

/** A command on its way to the server. */
export interface WireCommand {
  /** "findAndModify" */
  readonly name: string
  /** "user"; empty where the command is not about a collection. */
  readonly collection: string
  /** Whether a text occurs anywhere in the command: names, strings and keys are there as they are written. */
  has(text: string): boolean
}

/** What a message asks for; `undefined` where it is not a command in the form that is used since MongoDB 3.6. */
export function readCommand(message: Buffer): WireCommand | undefined {
  const start = HEADER_BYTES + FLAGS_BYTES + 1 + LENGTH_BYTES
  if (message.length <= start || message.readInt32LE(12) !== OP_MSG || message[HEADER_BYTES + FLAGS_BYTES] !== 0)
    return undefined
  // The name of a command is the first key of its document, the collection its value.
  const nameEnd = message.indexOf(0, start + 1)
  const name = message.toString('utf8', start + 1, nameEnd)
  const valueAt = nameEnd + 1 + LENGTH_BYTES
  const collection =
    message[start] === STRING_ELEMENT ? message.toString('utf8', valueAt, message.indexOf(0, valueAt)) : ''
  return { name, collection, has: (text) => message.includes(text) }
}
