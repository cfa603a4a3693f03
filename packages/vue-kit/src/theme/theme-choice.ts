import { computed, inject, ref, type ComputedRef, type InjectionKey, type Ref } from 'vue'

export type ThemeChoice = 'light' | 'dark' | 'system'

/** What the reader has chosen, and what that means now. */
export interface ThemeControl {
  /** Writing it changes the theme and is remembered. */
  readonly choice: Ref<ThemeChoice>
  readonly isDark: ComputedRef<boolean>
}

/** The part of the browser's storage that the kit needs; a browser may refuse both (private mode, blocked cookies). */
export type KitStorage = Pick<Storage, 'getItem' | 'setItem'>

/** The part of Vuetify's theme that the choice drives. */
export interface ThemePort {
  change(name: string): unknown
  readonly current: { readonly value: { readonly dark: boolean } | undefined }
}

export const THEME_CHOICE: InjectionKey<ThemeControl> = Symbol('theme choice')
const KEY = 'kit.theme'

const isChoice = (value: unknown): value is ThemeChoice => value === 'light' || value === 'dark' || value === 'system'

/** Binds the reader's choice to the theme and to the storage. `system` follows the operating system. */
export function createThemeControl(theme: ThemePort, storage: KitStorage): ThemeControl {
  const stored = storage.getItem(KEY)
  const chosen = ref<ThemeChoice>(isChoice(stored) ? stored : 'system')
  theme.change(chosen.value)
  const choice = computed({
    get: () => chosen.value,
    set: (next) => {
      chosen.value = next
      theme.change(next)
      storage.setItem(KEY, next)
    },
  })
  return { choice, isDark: computed(() => theme.current.value?.dark === true) }
}

/** The theme choice of the app that the kit is installed in. */
export function useThemeChoice(): ThemeControl {
  const control = inject(THEME_CHOICE)
  if (control === undefined) throw new Error('useThemeChoice needs the plugin of createKit')
  return control
}
