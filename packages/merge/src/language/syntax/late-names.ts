import { namesIn } from './names-in.ts'
import type { Body, Branch, For, Statement, Target } from './tree.ts'

/** How a part of a template first meets a name of its own: it looks outside, or it finds nothing until it sets it. */
type Meeting = 'outside' | 'nothing'

/** What one part (the template, the body of a `for`, its `else`) does with names itself, without the parts inside of it. */
class Part {
  readonly met: Map<string, Meeting>
  readonly set: Set<string>
  readonly #outer: Part | undefined

  constructor(outer: Part | undefined, met: Iterable<readonly [string, Meeting]> = [], set: Iterable<string> = []) {
    this.#outer = outer
    this.met = new Map(met)
    this.set = new Set(set)
  }

  /** The same, to see what one branch of an `if` does. */
  copy(): Part {
    return new Part(this.#outer, this.met, this.set)
  }

  read(name: string): void {
    if (!this.#knows(name)) this.met.set(name, 'outside')
  }

  write(name: string): void {
    this.set.add(name)
    if (!this.met.has(name))
      this.met.set(name, this.#outer !== undefined && this.#outer.#knows(name) ? 'outside' : 'nothing')
  }

  /** A name that has its value from the beginning. */
  begin(name: string): void {
    this.set.add(name)
    this.met.set(name, 'outside')
  }

  /** A name that is set in a branch for the first time is looked up outside where the branch is not taken. */
  branched(branches: readonly Part[]): void {
    const first = branches.flatMap((branch) => [...branch.set].filter((name) => !this.set.has(name)))
    for (const branch of branches) {
      for (const [name, meeting] of branch.met) this.met.set(name, meeting)
      for (const name of branch.set) this.set.add(name)
    }
    for (const name of first) this.met.set(name, 'outside')
  }

  late(): readonly string[] {
    return Array.from(this.met).flatMap(([name, meeting]) => (meeting === 'nothing' ? [name] : []))
  }

  #knows(name: string): boolean {
    return this.met.has(name) || (this.#outer !== undefined && this.#outer.#knows(name))
  }
}

/**
 * The names that a part of a template sets before it reads them itself. In Jinja2 they are undefined in the whole part until
 * then, also in a loop that stands before the `set` and reads a name that exists outside; so they are here.
 */
export function lateNames(template: Body): ReadonlyMap<Body, readonly string[]> {
  const found = new Map<Body, readonly string[]>()
  visit(template, new Part(undefined))
  return found

  function visit(body: Body, part: Part): void {
    visitAll(body, part)
    const late = part.late()
    if (late.length > 0) found.set(body, late)
    for (const loop of loopsOf(body)) {
      const inside = new Part(part)
      for (const name of targetsOf(loop.target)) inside.begin(name)
      visit(loop.body, inside)
      visit(loop.otherwise, new Part(part))
    }
  }
}

function visitAll(body: Body, part: Part): void {
  for (const statement of body) visitOne(statement, part)
}

function visitOne(statement: Statement, part: Part): void {
  switch (statement.kind) {
    case 'text':
      return
    case 'for':
      return namesIn(statement.over, (name) => {
        part.read(name)
      })
    case 'output':
      return namesIn(statement.value, (name) => {
        part.read(name)
      })
    case 'set':
      namesIn(statement.value, (name) => {
        part.read(name)
      })
      for (const name of targetsOf(statement.target)) part.write(name)
      return
    case 'if':
      return visitIf(statement.branches, statement.otherwise, part)
  }
}

function visitIf(branches: readonly Branch[], otherwise: Body, part: Part): void {
  const bodies = branches.map(({ condition, body }) => {
    namesIn(condition, (name) => {
      part.read(name)
    })
    return body
  })
  part.branched(
    [...bodies, otherwise].map((body) => {
      const branch = part.copy()
      visitAll(body, branch)
      return branch
    }),
  )
}

function targetsOf(target: Target): readonly string[] {
  return target.kind === 'name' ? [target.name] : target.targets.flatMap(targetsOf)
}

/** The loops of a part, also those in branches, without those inside of loops. */
function loopsOf(body: Body): readonly For[] {
  return body.flatMap((statement) => {
    if (statement.kind === 'for') return [statement]
    if (statement.kind !== 'if') return []
    return [...statement.branches.flatMap((branch) => loopsOf(branch.body)), ...loopsOf(statement.otherwise)]
  })
}
