import type { RouteLocationRaw } from 'vue-router'

/** An entry of the navigation. */
export interface NavItem {
  readonly to: RouteLocationRaw
  /** A path of `@mdi/js`. */
  readonly icon: string
  readonly label: string
  /** How many there are of it; shown beside the label. */
  readonly count?: number
  /** Something of it is going on now. */
  readonly live?: boolean
  readonly children?: readonly NavItem[]
}

/** A step of the way to a page; the last one is the page itself and needs no address. */
export interface Crumb {
  readonly label: string
  readonly to?: RouteLocationRaw
}
