// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { mountKit } from '../testing/mount-kit.ts'
import ConfirmHost from './ConfirmHost.vue'
import { useConfirm } from './confirm.ts'

afterEach(() => document.body.replaceChildren())
const QUESTION = { title: 'Drop the database', text: 'All is lost.', verb: 'Drop', danger: true }

async function asked(typed?: string) {
  const { wrapper } = await mountKit(ConfirmHost)
  const answer = useConfirm().confirm(typed === undefined ? QUESTION : { ...QUESTION, typed })
  await flushPromises()
  return { wrapper, answer }
}

describe('a question before an act', () => {
  it('is refused by Cancel and by Escape', async () => {
    const first = await asked()
    expect(first.wrapper.get('dialog').attributes('open')).toBeDefined()
    await first.wrapper.get('button[data-first]').trigger('click')
    expect(await first.answer).toBe(false)
    await flushPromises()
    expect(first.wrapper.get('dialog').attributes('open')).toBeUndefined()
    first.wrapper.unmount()

    const second = await asked()
    await second.wrapper.get('dialog').trigger('cancel')
    expect(await second.answer).toBe(false)
  })
  it('is agreed to by the verb', async () => {
    const { wrapper, answer } = await asked()
    expect(wrapper.get('button[type=submit]').text()).toBe('Drop')
    await wrapper.get('form').trigger('submit')
    expect(await answer).toBe(true)
  })
  it('wants the name typed exactly where one is asked for', async () => {
    const { wrapper, answer } = await asked('planets')
    const button = wrapper.get<HTMLButtonElement>('button[type=submit]')
    const field = wrapper.get<HTMLInputElement>('input')
    for (const wrong of ['', 'planet', 'Planets', 'planets ']) {
      await field.setValue(wrong)
      expect(button.element.disabled).toBe(true)
      await wrapper.get('form').trigger('submit')
    }
    await field.setValue('planets')
    expect(button.element.disabled).toBe(false)
    await wrapper.get('form').trigger('submit')
    expect(await answer).toBe(true)
  })
  it('gives way to a newer one, which starts empty', async () => {
    const { wrapper, answer } = await asked('planets')
    await wrapper.get('input').setValue('planets')
    const second = useConfirm().confirm({ ...QUESTION, typed: 'moons' })
    expect(await answer).toBe(false)
    await flushPromises()
    expect(wrapper.get<HTMLInputElement>('input').element.value).toBe('')
    useConfirm().answer(false)
    expect(await second).toBe(false)
  })
})
