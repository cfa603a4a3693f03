// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { h } from 'vue'
import ProseText from './ProseText.vue'

describe('a sentence with code in it', () => {
  it.each([
    { text: 'Correct what the problems name.', code: [], shown: 'Correct what the problems name.' },
    {
      text: '`stage0 check` and `/api/problems` list them.',
      code: ['stage0 check', '/api/problems'],
      shown: 'stage0 check and /api/problems list them.',
    },
    { text: 'One ` alone', code: [], shown: 'One ` alone' },
    { text: 'An empty pair: ``', code: [], shown: 'An empty pair: ``' },
    { text: 'Write `<b>`.', code: ['<b>'], shown: 'Write <b>.' },
  ])('shows $text', ({ text, code, shown }) => {
    const wrapper = mount(() => h('p', h(ProseText, { text })))
    expect(wrapper.text()).toBe(shown)
    expect(wrapper.findAll('code').map((part) => part.text())).toEqual(code)
  })
})
