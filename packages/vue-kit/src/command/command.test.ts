// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import { mountKit, press } from '../testing/mount-kit.ts'
import FilterField from '../lists/FilterField.vue'
import CommandPalette from './CommandPalette.vue'
import { useCommands, type Command } from './commands.ts'
import { keysOf, labelsOf } from './keys.ts'
import { scoreOf } from './match.ts'
import ShortcutSheet from './ShortcutSheet.vue'

afterEach(() => document.body.replaceChildren())
const run = vi.fn()
const COMMANDS: Command[] = [
  { id: 'check', label: 'Check the repository', group: 'Repository', keys: 'c', run },
  { id: 'home', label: 'Go to the overview', group: 'Go', keys: 'g o', to: '/home' },
  { id: 'never', label: 'Never offered', group: 'Go', keys: 'n', run, when: () => false },
]

async function page() {
  run.mockReset()
  const component = defineComponent(() => {
    useCommands().register(...COMMANDS)
    return () => [h(CommandPalette), h(ShortcutSheet), h(FilterField), h('textarea')]
  })
  const mounted = await mountKit(component)
  const key = async (name: string, more: KeyboardEventInit = {}, target: Element = document.body) => {
    press(target, name, more)
    await flushPromises()
  }
  const options = () => mounted.wrapper.findAll('[role=option]').map((option) => option.get('.kit-truncate').text())
  return { ...mounted, key, options }
}

describe('keys of commands', () => {
  it('act, also two after another, but not while somebody types', async () => {
    const { key, router, wrapper } = await page()
    await key('c')
    expect(run).toHaveBeenCalledOnce()
    await key('c', {}, wrapper.get('textarea').element)
    await key('n')
    expect(run).toHaveBeenCalledOnce()
    await key('g')
    await key('o')
    expect(router.currentRoute.value.path).toBe('/home')
    wrapper.unmount()
    await key('c')
    expect(run).toHaveBeenCalledOnce()
  })
  it('focus the filter with /', async () => {
    const { key, wrapper } = await page()
    await key('/')
    expect(document.activeElement).toBe(wrapper.get('input[type=search]').element)
    wrapper.unmount()
  })
  it.each([
    [{ key: 'k', metaKey: true }, 'mod+k'],
    [{ key: 'K', ctrlKey: true, shiftKey: true }, 'mod+shift+k'],
    [{ key: '?', shiftKey: true }, '?'],
    [{ key: ' ' }, 'space'],
    [{ key: 'ArrowUp', altKey: true }, 'alt+arrowup'],
  ])('%j are %s', (event, keys) => {
    expect(keysOf({ ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...event })).toBe(keys)
  })
  it('have labels as on the keyboard', () => {
    expect(labelsOf('mod+shift+k')).toEqual(['Ctrl', 'Shift', 'K'])
    expect(labelsOf('g o')).toEqual(['G', 'O'])
  })
})

describe('the palette', () => {
  it('opens with Ctrl and K, finds commands by their words, and acts on Enter', async () => {
    const { key, options, wrapper, router } = await page()
    await key('k', { ctrlKey: true })
    const input = wrapper.get('[role=combobox]')
    expect(document.activeElement).toBe(input.element)
    expect(options()).toEqual(['Check the repository', 'Go to the overview'])
    await input.setValue('over')
    expect(options()).toEqual(['Go to the overview'])
    await key('Enter', {}, input.element)
    expect(router.currentRoute.value.path).toBe('/home')
    expect(wrapper.get('dialog').attributes('open')).toBeUndefined()
    wrapper.unmount()
  })
  it('moves through the groups in the order that is seen', async () => {
    const { key, wrapper } = await page()
    await key('k', { ctrlKey: true })
    const input = wrapper.get('[role=combobox]').element
    const selected = () => wrapper.get('[aria-selected=true]').get('.kit-truncate').text()
    expect(selected()).toBe('Check the repository')
    await key('ArrowDown', {}, input)
    await key('ArrowDown', {}, input)
    expect(selected()).toBe('Go to the overview')
    expect(wrapper.get('[role=combobox]').attributes('aria-activedescendant')).toBe(
      wrapper.get('[aria-selected=true]').attributes('id'),
    )
    await key('ArrowUp', {}, input)
    await key('Enter', {}, input)
    expect(run).toHaveBeenCalledOnce()
    wrapper.unmount()
  })
  it('shows what sources find, first, also what they come to know while the question stands', async () => {
    const { key, options, wrapper } = await page()
    const names = ref<readonly string[]>([])
    useCommands().registerSource((query) =>
      names.value.map((name) => ({ id: name, label: `${query}: ${name}`, group: 'Found' })),
    )
    await key('k', { ctrlKey: true })
    await wrapper.get('[role=combobox]').setValue('re')
    await wrapper.get('[role=combobox]').setValue('rep')
    expect(options()).toEqual(['Check the repository'])
    names.value = ['late']
    await flushPromises()
    expect(options()).toEqual(['rep: late', 'Check the repository'])
    wrapper.unmount()
  })
  it.each([
    ['Check the repository', 'chk', 0],
    ['user.yaml', 'yaml user', 1],
    ['anything', '', 1],
  ])('%s for %j: matches %i', (text, query, isFound) => {
    expect(scoreOf(text, query) > 0).toBe(isFound === 1)
  })
  it('ranks a beginning over a word and a word over a middle', () => {
    const scores = ['plan the run', 'a plan run', 'explanation'].map((text) => scoreOf(text, 'plan'))
    expect(scores).toEqual([...scores].sort((one, other) => other - one))
    expect(new Set(scores).size).toBe(3)
  })
})

describe('the sheet of shortcuts', () => {
  it('opens with ? and lists what works now', async () => {
    const { key, wrapper } = await page()
    await key('?', { shiftKey: true })
    const sheet = wrapper.get('dialog.sheet')
    expect(sheet.attributes('open')).toBeDefined()
    expect(sheet.text()).toContain('Check the repository')
    expect(sheet.text()).not.toContain('Never offered')
    await key('c')
    expect(run).not.toHaveBeenCalled()
    wrapper.unmount()
  })
})
