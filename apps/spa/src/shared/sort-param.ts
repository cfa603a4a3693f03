import type { Sort } from '@stage0/vue-kit'

/** How tables write their order into the address: "name", or "-name" for descending. */
export const sortParam = <Key extends string>(keys: readonly Key[], standard: Sort & { readonly key: Key }) => ({
  default: standard,
  /** What the address says; the standard order for anything else. */
  parse(text: string): Sort & { readonly key: Key } {
    const isDescending = text.startsWith('-')
    const key = keys.find((known) => known === (isDescending ? text.slice(1) : text))
    return key === undefined ? standard : { key, isDescending }
  },
  format: ({ key, isDescending }: Sort): string => (isDescending ? `-${key}` : key),
})
