import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'

/**
 * A tab of a workbench, contributed by a feature.
 *
 * A feature exports `tabs: Tab[]` from `workbench-tabs.ts` (a version of a collection: the component gets the props
 * `name` and `version`) or from `library-tabs.ts` (a type or a dictionary: the component gets the props `kind`,
 * "types" or "dictionaries", and `fileName`, with its ending). The URL says which tab is shown.
 */
export interface Tab {
  /** The last part of the URL: "schema". */
  readonly path: string
  /** Key of its text, from the root of the catalogue: "viewer.tab.schema". */
  readonly label: string
  /** Its place: smaller is further left. */
  readonly order: number
  readonly component: () => Promise<{ readonly default: Component }>
}

/** The tabs of all features in order. */
export const inOrder = (modules: Readonly<Record<string, { readonly tabs: readonly Tab[] }>>): readonly Tab[] =>
  Object.values(modules)
    .flatMap(({ tabs }) => tabs)
    .toSorted((a, b) => a.order - b.order)

/** A child route per tab. @param props What the component gets from the address. */
export const tabRoutes = (tabs: readonly Tab[], props: RouteRecordRaw['props']): RouteRecordRaw[] =>
  tabs.map(({ path, label, component }) => ({ path, component, props, meta: { tab: label } }) as RouteRecordRaw)
