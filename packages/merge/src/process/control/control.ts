import type { Place } from '../../problem.ts'

/** A text of the control file, and where it stands. */
export interface Written {
  readonly text: string
  readonly at: Place
}

/** What `process.yaml` says. */
export interface Control {
  readonly environment: readonly Declared[]
  readonly context: readonly Directive[]
  readonly requires: readonly Written[]
  readonly templates: readonly Entry[]
}

/** A name of the environment that the template needs, and what it is for. */
export interface Declared {
  readonly name: Written
  readonly description: string | undefined
}

/** How a name of the context gets its value. */
export type Directive =
  | { readonly type: 'path'; readonly key: Written; readonly path: Written }
  | {
      readonly type: 'selector'
      readonly key: Written
      readonly path: Written
      readonly filter: { readonly property: Written; readonly value: Written }
    }

/** A file of the template, and what becomes of it. */
export interface Entry {
  readonly path: Written
  readonly mode: Mode
}

export type Mode =
  | { readonly kind: 'inPlace' }
  | { readonly kind: 'output'; readonly output: Written }
  | { readonly kind: 'mergeFor' | 'mergeFrom'; readonly items: Written; readonly output: Written }
