import type { Doc } from '@stage0/bson-schema'

/** Stands among the documents of a read where others shall have their turn; it is passed on, and never shown. */
export const TURN = Symbol('turn')
export type Turn = typeof TURN

/** All documents, in an array; turns are passed on. */
export function* gathered<T>(items: Iterable<T | Turn>): Generator<Turn, T[]> {
  const all: T[] = []
  for (const item of items) {
    if (item === TURN) yield TURN
    else all.push(item)
  }
  return all
}

/** The documents alone: of a work that is carried out at once. */
export function* withoutTurns<T>(items: Iterable<T | Turn>): Generator<T> {
  for (const item of items) if (item !== TURN) yield item
}

export type Item = Doc | Turn
