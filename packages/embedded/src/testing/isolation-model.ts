/** A document of the model; `u` is unique. */
export interface ModelDocument {
  readonly _id: number
  readonly a: number
  readonly u: number
}

export type Write =
  | { readonly kind: 'insert'; readonly id: number; readonly a: number; readonly u: number }
  | { readonly kind: 'add'; readonly id: number; readonly a: number }
  | { readonly kind: 'unique'; readonly id: number; readonly u: number }
  | { readonly kind: 'delete'; readonly id: number }

export type ModelResult = 'done' | 'duplicate' | 'conflict' | 'blocked'

type State = ReadonlyMap<number, ModelDocument>

interface Open {
  readonly snapshot: State
  readonly start: number
  readonly own: Map<number, ModelDocument | undefined>
  readonly writes: Write[]
}

/** What a write makes of a document; the same object where it changes nothing. */
function after(before: ModelDocument | undefined, write: Write): ModelDocument | undefined {
  if (write.kind === 'insert') return { _id: write.id, a: write.a, u: write.u }
  if (before === undefined || write.kind === 'delete') return undefined
  const next = write.kind === 'add' ? { ...before, a: before.a + write.a } : { ...before, u: write.u }
  return next.a === before.a && next.u === before.u ? before : next
}

/**
 * Snapshot isolation told in whole copies: what each reader must see, and what becomes of each write. Slow and plain on
 * purpose. Development only.
 */
export class IsolationModel {
  #committed = new Map<number, ModelDocument>()
  readonly #changedAt = new Map<number, number>()
  #time = 0
  readonly #open = new Map<string, Open>()
  /** The writes of everything that was committed, in the order of the commits. */
  readonly serial: Write[] = []

  begin(name: string): void {
    const open: Open = { snapshot: new Map(this.#committed), start: this.#time, own: new Map(), writes: [] }
    this.#open.set(name, open)
  }

  isOpen(name: string): boolean {
    return this.#open.has(name)
  }

  /** What `name` sees, by `_id`; what is committed for anybody else. */
  view(name: string | undefined): readonly ModelDocument[] {
    const open = name === undefined ? undefined : this.#open.get(name)
    const seen = new Map(open?.snapshot ?? this.#committed)
    for (const [id, document] of open?.own ?? []) {
      if (document === undefined) seen.delete(id)
      else seen.set(id, document)
    }
    return [...seen.values()].sort((x, y) => x._id - y._id)
  }

  write(name: string | undefined, write: Write): ModelResult {
    const open = name === undefined ? undefined : this.#open.get(name)
    const result = open === undefined ? this.#writePlain(write) : this.#writeOpen(open, write)
    if (open !== undefined && name !== undefined && result !== 'done') this.#open.delete(name)
    return result
  }

  #writePlain(write: Write): ModelResult {
    const { id } = write
    const before = this.#committed.get(id)
    if (write.kind !== 'insert' && before === undefined) return 'done'
    if (this.#others(undefined).some(({ own }) => own.has(id))) return 'blocked'
    if (write.kind === 'insert' && before !== undefined) return 'duplicate'
    const next = after(before, write)
    if (next !== undefined && next !== before) {
      const holds = (document: ModelDocument | undefined): boolean => document?.u === next.u && document._id !== id
      const others = this.#others(undefined)
      if (others.some(({ own }) => [...own.values()].some(holds))) return 'blocked'
      const holder = [...this.#committed.values()].find(holds)
      if (holder !== undefined) return others.some(({ own }) => own.has(holder._id)) ? 'blocked' : 'duplicate'
    }
    if (next === before) return 'done'
    this.#commit(new Map([[id, next]]))
    this.serial.push(write)
    return 'done'
  }

  #writeOpen(open: Open, write: Write): ModelResult {
    const { id } = write
    const seen = new Map([...open.snapshot])
    for (const [key, document] of open.own) {
      if (document === undefined) seen.delete(key)
      else seen.set(key, document)
    }
    const before = seen.get(id)
    if (write.kind !== 'insert' && before === undefined) return 'done'
    if (write.kind === 'insert' && before !== undefined) return 'duplicate'
    const next = after(before, write)
    if (next === before) return 'done'
    const others = this.#others(open)
    if (!open.own.has(id)) {
      if ((this.#changedAt.get(id) ?? -1) > open.start || others.some(({ own }) => own.has(id))) return 'conflict'
    }
    if (next !== undefined) {
      const holds = (document: ModelDocument | undefined): boolean => document?.u === next.u && document._id !== id
      if ([...seen.values()].some(holds)) return 'duplicate'
      if ([...this.#committed.values()].some((each) => holds(each) && !open.own.has(each._id))) return 'conflict'
      if (others.some(({ own }) => [...own.values()].some(holds))) return 'conflict'
    }
    open.own.set(id, next)
    open.writes.push(write)
    return 'done'
  }

  #others(self: Open | undefined): readonly Open[] {
    return [...this.#open.values()].filter((each) => each !== self)
  }

  #commit(changes: ReadonlyMap<number, ModelDocument | undefined>): void {
    this.#time++
    for (const [id, document] of changes) {
      this.#changedAt.set(id, this.#time)
      if (document === undefined) this.#committed.delete(id)
      else this.#committed.set(id, document)
    }
  }

  end(name: string, commits: boolean): void {
    const open = this.#open.get(name)
    this.#open.delete(name)
    if (open === undefined || !commits) return
    this.#commit(open.own)
    this.serial.push(...open.writes)
  }
}

/** The state that writes lead to when each is carried out after the other. */
export function serially(writes: readonly Write[]): readonly ModelDocument[] {
  const state = new Map<number, ModelDocument>()
  for (const write of writes) {
    const next = after(state.get(write.id), write)
    if (next === undefined) state.delete(write.id)
    else state.set(write.id, next)
  }
  return [...state.values()].sort((x, y) => x._id - y._id)
}
