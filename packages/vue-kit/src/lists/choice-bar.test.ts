// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest'
import { mountKit } from '../testing/mount-kit.ts'
import ChoiceBar from './ChoiceBar.vue'

afterEach(() => document.body.replaceChildren())

it('choices say whether they are pressed, how many they stand for, and which was pressed', async () => {
  const onToggle = vi.fn()
  const { wrapper } = await mountKit(ChoiceBar, {
    props: {
      label: 'State',
      choices: [
        { value: 'behind', label: 'Behind', kind: 'warning', count: 3 },
        { value: 'all', label: 'All' },
      ],
      chosen: ['behind'],
      onToggle,
    },
  })
  expect(wrapper.get('[role=group]').attributes('aria-label')).toBe('State')
  const buttons = wrapper.findAll('button')
  expect(buttons.map((button) => [button.text(), button.attributes('aria-pressed')])).toEqual([
    ['Behind3', 'true'],
    ['All', 'false'],
  ])
  await buttons[1]?.trigger('click')
  expect(onToggle.mock.calls).toEqual([['all']])
})
