// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { mountKit, press } from '../testing/mount-kit.ts'
import TextViewer from './TextViewer.vue'
import { tokensOf, type TextLanguage } from './tokens.ts'

afterEach(() => document.body.replaceChildren())
const long = Array.from({ length: 5000 }, (_, at) => `line ${at + 1}`).join('\n')

describe('a text to read', () => {
  it('has a name, its lines and marked lines; the numbers are no part of the text', async () => {
    const { wrapper } = await mountKit(TextViewer, {
      props: { text: 'a\nb\nc\n', label: 'Source', highlight: { from: 2, to: 3 } },
    })
    expect(wrapper.get('[role=group]').attributes('aria-label')).toBe('Source')
    expect(wrapper.findAll('.line').map((line) => line.text())).toEqual(['a', 'b', 'c'])
    expect(wrapper.findAll('.highlighted').map((line) => line.text())).toEqual(['b', 'c'])
  })
  it('tells where the cursor goes, by keys and by click', async () => {
    const onCursor = vi.fn()
    const { wrapper } = await mountKit(TextViewer, { props: { text: 'a\nb\nc', label: 'Source', onCursor } })
    const view = wrapper.get('[role=group]').element
    expect(press(view, 'ArrowDown')).toBe(true)
    press(view, 'End')
    await wrapper.findAll('.line')[0]?.trigger('click')
    expect(press(view, 'x')).toBe(false)
    expect(onCursor.mock.calls).toEqual([[2], [3], [1]])
  })
  it('leaves finding to the browser up to 2,000 lines and has its own above', async () => {
    const short = await mountKit(TextViewer, { props: { text: 'a', label: 'Source' } })
    expect(press(short.wrapper.get('[role=group]').element, 'f', { ctrlKey: true })).toBe(false)
    short.wrapper.unmount()

    const { wrapper } = await mountKit(TextViewer, { props: { text: long, label: 'Source' } })
    expect(wrapper.findAll('.line').length).toBeLessThan(100)
    expect(press(wrapper.get('[role=group]').element, 'f', { ctrlKey: true })).toBe(true)
    await flushPromises()
    await wrapper.get('input[type=search]').setValue('LINE 499')
    expect(wrapper.get('[role=search] [role=status]').text()).toBe('1 of 11')
    await wrapper.get('input[type=search]').trigger('keydown', { key: 'Enter' })
    expect(wrapper.get('[role=search] [role=status]').text()).toBe('2 of 11')
    await wrapper.get('input[type=search]').setValue('nowhere')
    expect(wrapper.get('[role=search] [role=status]').text()).toBe('Not found')
  })
})

describe('the pieces of a line', () => {
  it.each<[TextLanguage, string, string]>([
    ['json', '  "a": "b: c",', 'key "a", sign :, string "b: c", sign ,'],
    ['json', '"n": -1.5e3, "ok": true', 'key "n", sign :, number -1.5e3, sign ,, key "ok", sign :, literal true'],
    ['yaml', '- name: planet # note', 'sign -, key name, sign :, comment # note'],
    ['yaml', 'required: true', 'key required, sign :, literal true'],
    ['yaml', 'text: "a # b"', 'key text, sign :, string "a # b"'],
    ['yaml', '# all: of it', 'comment # all: of it'],
    ['yaml', 'version: 1.0.0.1', 'key version, sign :'],
    ['yaml', 'min: 7', 'key min, sign :, number 7'],
    ['text', 'a: "b"', ''],
  ])('%s %s: %s', (language, line, expected) => {
    const found = tokensOf(line, language).filter(({ kind }) => kind !== 'plain')
    expect(found.map(({ kind, text }) => `${kind} ${text}`).join(', ')).toBe(expected)
  })
  it('are the line when put together, whatever the line is', () => {
    const odd = fc.string({ unit: fc.constantFrom(...'"\'\\:#-{}[],0aé \t') })
    fc.assert(
      fc.property(
        fc.oneof(odd, fc.string({ unit: 'grapheme' })),
        fc.constantFrom<TextLanguage>('json', 'yaml', 'text'),
        (line, language) => {
          expect(
            tokensOf(line, language)
              .map(({ text }) => text)
              .join(''),
          ).toBe(line)
        },
      ),
    )
  })
})
