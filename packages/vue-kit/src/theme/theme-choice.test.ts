// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { memoryStorage, mountKit } from '../testing/mount-kit.ts'
import { useKitStorage, safeStorage } from './storage.ts'
import { createThemeControl, useThemeChoice, type ThemeControl } from './theme-choice.ts'
import { THEMES } from './tokens.ts'

/** Relative luminance by WCAG 2. */
const luminance = (hex: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
const contrast = (one: string, other: string): number => {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

const fakeTheme = () => {
  const changes: string[] = []
  return { changes, change: (name: string) => changes.push(name), current: { value: { dark: false } } }
}

describe('the theme choice', () => {
  it.each([
    [null, 'system'],
    ['dark', 'dark'],
    ['pink', 'system'],
  ])('where %j is remembered begins with %s', (stored, expected) => {
    const theme = fakeTheme()
    const control = createThemeControl(theme, memoryStorage(stored === null ? {} : { 'kit.theme': stored }))
    expect(control.choice.value).toBe(expected)
    expect(theme.changes).toEqual([expected])
  })

  it('changes the theme and is remembered', () => {
    const theme = fakeTheme()
    const storage = memoryStorage()
    createThemeControl(theme, storage).choice.value = 'dark'
    expect(theme.changes.at(-1)).toBe('dark')
    expect(storage.entries.get('kit.theme')).toBe('dark')
  })

  it('reaches Vuetify, whose rules are an adopted style sheet and no style element', async () => {
    const written = vi.spyOn(CSSStyleSheet.prototype, 'replaceSync')
    const adopted = document.adoptedStyleSheets.length
    let control: ThemeControl | undefined
    const page = defineComponent(() => {
      control = useThemeChoice()
      return () => h('p')
    })
    const { wrapper } = await mountKit(page, { storage: memoryStorage({ 'kit.theme': 'light' }) })
    expect(control?.isDark.value).toBe(false)
    if (control !== undefined) control.choice.value = 'dark'
    await wrapper.vm.$nextTick()
    expect(control?.isDark.value).toBe(true)
    const rules = written.mock.lastCall?.[0]
    expect(rules).toContain(':root {\n    color-scheme: dark')
    expect(rules).toContain('--v-theme-outline-strong')
    expect(document.adoptedStyleSheets).toHaveLength(adopted + 1)
    expect(document.querySelector('#vuetify-theme-stylesheet')).toBeNull()
  })

  it('goes on without a storage where the browser refuses it', async () => {
    const refusing = safeStorage(() => {
      throw new DOMException('denied', 'SecurityError')
    })
    expect(refusing.getItem('a')).toBeNull()
    expect(() => refusing.setItem('a', 'b')).not.toThrow()
    let found: unknown
    await mountKit(
      defineComponent(() => {
        found = useKitStorage().getItem('kit.theme')
        return () => h('p')
      }),
      { storage: refusing },
    )
    expect(found).toBeNull()
  })
})

describe.each(Object.entries(THEMES))('the %s theme', (_name, { colors }) => {
  const pairs = (texts: readonly string[], grounds: readonly string[]) =>
    texts.flatMap((text) => grounds.map((ground) => [text, ground] as const))
  const of = (name: string) => colors[name] ?? ''

  it.each(pairs(['on-surface'], ['background', 'surface', 'surface-variant']))(
    'has text of at least 7:1: %s on %s',
    (text, ground) => {
      expect(contrast(of(text), of(ground))).toBeGreaterThanOrEqual(7)
    },
  )
  it.each([
    ...pairs(['muted', 'primary', 'info', 'success', 'warning', 'error'], ['background', 'surface', 'surface-variant']),
    ...['primary', 'info', 'success', 'warning', 'error'].map((name) => [`on-${name}`, name] as const),
  ])('has text of at least 4.5:1: %s on %s', (text, ground) => {
    expect(contrast(of(text), of(ground))).toBeGreaterThanOrEqual(4.5)
  })
  it.each(pairs(['outline-strong', 'primary'], ['background', 'surface', 'surface-variant']))(
    'has borders and focus of at least 3:1: %s on %s',
    (line, ground) => {
      expect(contrast(of(line), of(ground))).toBeGreaterThanOrEqual(3)
    },
  )
})
