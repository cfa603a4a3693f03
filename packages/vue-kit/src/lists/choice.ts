import type { StatusKind } from '../feedback/kinds.ts'

/** A button that stays pressed. */
export interface Choice<Value extends string = string> {
  readonly value: Value
  readonly label: string
  /** How many it stands for, formatted for the reader. */
  readonly count?: string | number | undefined
  /** Shown as a status of this kind; `icon` (a path of `@mdi/js`) replaces the kind's own. */
  readonly kind?: StatusKind | undefined
  readonly icon?: string | undefined
}
