import { Evaluator, located, placed } from './evaluate.ts'
import { findFilter } from './filters/all-filters.ts'
import { gapOf, type OnGap } from './gap.ts'
import { Undefined, type Held } from './held.ts'
import { unknownName } from './hints/unknown-name.ts'
import { LIMITS } from './limits.ts'
import { Loop } from './loop.ts'
import { Names } from './names.ts'
import { isTrue, membersOf } from './operations/members.ts'
import { checkedLength, printed } from './operations/text.ts'
import { failed } from './refused.ts'
import { Tuple } from '../value.ts'
import type { Body, Expression, For, Output, Statement, Target } from './syntax/tree.ts'
import { findTest } from './tests/all-tests.ts'

/** Names that a part of a template finds undefined until it sets them, by the body of the part. */
type LateNames = ReadonlyMap<Body, readonly string[]>

/** Renders a body with these names. @throws Refused */
export function render(body: Body, late: LateNames, names: ReadonlyMap<string, Held>, onGap?: OnGap): string {
  return new Rendering(late, onGap).run(body, new Names(names))
}

/** One rendering of one template, with what it has used up so far. */
class Rendering {
  readonly #parts: string[] = []
  readonly #evaluator = new Evaluator({
    filter: findFilter,
    test: findTest,
    unknown: unknownName,
    step: () => {
      this.#step()
    },
  })
  readonly #late: LateNames
  readonly #onGap: OnGap | undefined
  #length = 0
  #steps = 0

  constructor(late: LateNames, onGap: OnGap | undefined) {
    this.#late = late
    this.#onGap = onGap
  }

  run(body: Body, names: Names): string {
    this.#part(body, names)
    return this.#parts.join('')
  }

  /** A body with names of its own. */
  #part(body: Body, names: Names): void {
    for (const name of this.#late.get(body) ?? []) names.set(name, new Undefined(`\`${name}\``, SET_LATER))
    this.#all(body, names)
  }

  #all(body: Body, names: Names): void {
    for (const statement of body) this.#one(statement, names)
  }

  #one(statement: Statement, names: Names): void {
    this.#step()
    switch (statement.kind) {
      case 'text':
        return this.#print(statement.text)
      case 'output':
        return this.#output(statement, names)
      case 'set':
        return this.#give(statement.target, this.#evaluator.evaluate(statement.value, names), names)
      case 'if': {
        const branch = statement.branches.find(({ condition }) => isTrue(this.#evaluator.evaluate(condition, names)))
        return this.#all(branch?.body ?? statement.otherwise, names)
      }
      case 'for':
        return located(statement.at, () => {
          this.#visit(statement, names)
        })
    }
  }

  #output(output: Output, names: Names): void {
    const { value } = output
    if (this.#onGap === undefined || value.kind !== 'joined') return this.#value(value, output, names)
    // The same text, and each of the parts may leave a gap.
    for (const part of value.parts) this.#value(part, output, names)
  }

  #value(value: Expression, output: Output, names: Names): void {
    try {
      const held = this.#evaluator.evaluate(value, names)
      const text = printed(held)
      const why = this.#onGap === undefined ? undefined : gapOf(value, held, text, output)
      if (why !== undefined) this.#onGap?.({ at: this.#length, why })
      this.#print(text)
    } catch (thrown) {
      throw placed(thrown, value.at)
    }
  }

  #print(text: string): void {
    this.#length = checkedLength(this.#length + text.length)
    this.#parts.push(text)
  }

  #step(): void {
    if (++this.#steps > LIMITS.steps) {
      throw failed(
        `The template takes more than ${LIMITS.steps} steps`,
        'Loops inside of loops multiply: look at what they visit.',
      )
    }
  }

  /** Each round has names of its own, so what is set in it ends with it. */
  #visit(statement: For, names: Names): void {
    const over = this.#evaluator.evaluate(statement.over, names)
    const members = located(statement.over.at, () => membersOf(over))
    const loop = new Loop(this.#chosen(members, statement, names))
    let isEmpty = true
    for (let member = loop.advance(); member !== undefined; member = loop.advance()) {
      isEmpty = false
      const inside = new Names(names)
      inside.set('loop', loop)
      this.#give(statement.target, member, inside)
      this.#part(statement.body, inside)
    }
    if (isEmpty) this.#part(statement.otherwise, new Names(names))
  }

  *#chosen(members: Iterable<Held>, { target, condition }: For, names: Names): Generator<Held> {
    for (const member of members) {
      this.#step()
      if (condition === undefined) {
        yield member
        continue
      }
      const inside = new Names(names)
      this.#give(target, member, inside)
      if (isTrue(this.#evaluator.evaluate(condition, inside))) yield given(target, inside)
    }
  }

  #give(target: Target, held: Held, names: Names): void {
    if (target.kind === 'name') return names.set(target.name, held)
    const { targets, at } = target
    const members = located(at, () => Array.from(membersOf(held)))
    if (members.length !== targets.length) {
      throw failed(`There are ${targets.length} names for ${members.length} members`, undefined, at)
    }
    for (const [position, inner] of targets.entries()) this.#give(inner, members[position] ?? null, names)
  }
}

/** What a target was given: several names make a tuple of it, which is what `loop` knows where a loop has a condition. */
const given = (target: Target, names: Names): Held =>
  target.kind === 'name' ? names.get(target.name) : new Tuple(target.targets.map((inner) => given(inner, names)))

const SET_LATER =
  'It is set further down: a `set` counts for the whole part that it stands in. Set it before it is used.'
