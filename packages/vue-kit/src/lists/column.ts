/** A column of a table. */
export interface Column {
  /** The property of a row that is shown and sorted by, unless a slot `cell-<key>` shows something else. */
  readonly key: string
  readonly label: string
  readonly sortable?: boolean
  /** A CSS width of a grid track, for example `120px` or `minmax(120px, 2fr)`; an equal share unless given. */
  readonly width?: string
  readonly align?: 'start' | 'end'
  readonly mono?: boolean
  /**
   * The place in the two-line rows of a narrow screen: lower ones stand first, so that they are not what is cut off; 2 and
   * above are left out. 1 unless given.
   */
  readonly priority?: number
}

/** What a table is sorted by. */
export interface Sort {
  readonly key: string
  readonly isDescending: boolean
}
