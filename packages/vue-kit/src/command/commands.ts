import { defineStore } from 'pinia'
import { computed, getCurrentScope, onScopeDispose, ref, shallowReactive, type Ref } from 'vue'
import type { RouteLocationRaw } from 'vue-router'

/** Something that can be done or gone to from the keyboard. */
export interface Command {
  readonly id: string
  readonly label: string
  readonly group: string
  /** As in `keysOf`: `mod+s`, `g o`. */
  readonly keys?: string
  readonly to?: RouteLocationRaw
  readonly run?: () => unknown
  /** Whether it can be done now; it is neither offered nor does its key work otherwise. */
  readonly when?: () => boolean
}

/** Something that a search found. */
export interface PaletteEntry {
  readonly id: string
  readonly label: string
  readonly group: string
  readonly detail?: string
  /** A path of `@mdi/js`. */
  readonly icon?: string
  readonly to?: RouteLocationRaw
  readonly run?: () => unknown
}

/** What a search finds in what is known now. It reads reactive state: the palette shows it anew when that changes. */
export type PaletteSource = (query: string) => readonly PaletteEntry[]

/** What the palette and the shortcut sheet show. What a component registers goes with it. */
export const useCommands = defineStore('kit-commands', () => {
  const all = shallowReactive(new Map<string, Command>())
  const sources = shallowReactive(new Set<PaletteSource>())
  const isPaletteOpen: Ref<boolean> = ref(false)
  const isSheetOpen: Ref<boolean> = ref(false)
  const commands = computed(() => [...all.values()].filter(({ when }) => when?.() !== false))

  function whenGone(remove: () => void): () => void {
    if (getCurrentScope() !== undefined) onScopeDispose(remove)
    return remove
  }

  /** Offers commands; the function that is returned takes them back. */
  function register(...added: readonly Command[]): () => void {
    for (const command of added) all.set(command.id, command)
    return whenGone(() => {
      for (const command of added) if (all.get(command.id) === command) all.delete(command.id)
    })
  }

  /** Adds what the palette's search finds; the function that is returned takes it back. */
  function registerSource(source: PaletteSource): () => void {
    sources.add(source)
    return whenGone(() => sources.delete(source))
  }

  return { commands, sources, isPaletteOpen, isSheetOpen, register, registerSource }
})
