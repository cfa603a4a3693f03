// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import { mountKit, press } from '../testing/mount-kit.ts'
import { filteredRows, treePlaces, visibleRows } from './tree-structure.ts'
import TreeTable from './TreeTable.vue'

afterEach(() => document.body.replaceChildren())
interface Row {
  readonly path: string
  readonly name: string
  readonly depth: number
}
const row = (path: string, depth: number): Row => ({ path, name: path.split('.').at(-1) ?? path, depth })
const ROWS = [row('a', 0), row('a.b', 1), row('a.b.c', 2), row('a.d', 1), row('e', 0), row('e.f', 1), row('g', 0)]

async function tree(start: { expanded?: string[]; filter?: string; rows?: Row[]; selected?: string } = {}) {
  const expanded = ref<readonly string[]>(start.expanded ?? [])
  const selected = ref<string | undefined>(start.selected)
  const page = defineComponent(
    () => () =>
      h(TreeTable as never, {
        rows: start.rows ?? ROWS,
        rowKey: 'path',
        columns: [{ key: 'name', label: 'Name' }],
        label: 'Tree',
        filter: start.filter ?? '',
        expanded: expanded.value,
        'onUpdate:expanded': (keys: readonly string[]) => (expanded.value = keys),
        selected: selected.value,
        'onUpdate:selected': (key: string) => (selected.value = key),
      }),
  )
  const { wrapper } = await mountKit(page)
  await flushPromises()
  const keys = async (...names: string[]) => {
    for (const name of names) {
      press(wrapper.get('[role=treegrid]').element, name)
      await flushPromises()
    }
  }
  const shown = () => wrapper.findAll('.line').map((line) => line.text())
  const active = () => wrapper.get('.line.active').text()
  return { wrapper, expanded, selected, keys, shown, active }
}

describe('a tree table', () => {
  it('expands and goes in with Right, collapses and goes out with Left', async () => {
    const { keys, shown, active, expanded } = await tree()
    expect(shown()).toEqual(['a', 'e', 'g'])
    await keys('ArrowRight')
    expect(shown()).toEqual(['a', 'b', 'd', 'e', 'g'])
    expect(active()).toBe('a')
    await keys('ArrowRight')
    expect(active()).toBe('b')
    await keys('ArrowRight', 'ArrowRight')
    expect(active()).toBe('c')
    await keys('ArrowLeft')
    expect(active()).toBe('b')
    await keys('ArrowLeft')
    expect(shown()).toEqual(['a', 'b', 'd', 'e', 'g'])
    await keys('ArrowLeft')
    expect(active()).toBe('a')
    expect(expanded.value).toEqual(['a'])
  })
  it('moves with Home, End and letters, and expands all siblings with *', async () => {
    const { keys, active, shown } = await tree()
    await keys('End')
    expect(active()).toBe('g')
    await keys('e')
    expect(active()).toBe('e')
    await keys('Home')
    expect(active()).toBe('a')
    await keys('*')
    expect(shown()).toEqual(['a', 'b', 'd', 'e', 'f', 'g'])
  })
  it('selects with Enter and with a click', async () => {
    const { keys, selected, wrapper } = await tree()
    await keys('ArrowDown', 'Enter')
    expect(selected.value).toBe('e')
    await wrapper.findAll('.line')[2]?.trigger('click')
    expect(selected.value).toBe('g')
    expect(wrapper.findAll('.line').map((line) => line.attributes('aria-selected'))).toEqual(['false', 'false', 'true'])
  })
  it('tells level, place and state to readers', async () => {
    const { wrapper } = await tree({ expanded: ['a'] })
    const facts = wrapper
      .findAll('.line')
      .map((line) =>
        ['aria-level', 'aria-expanded', 'aria-posinset', 'aria-setsize']
          .map((name) => line.attributes(name) ?? '-')
          .join(' '),
      )
    expect(facts).toEqual(['1 true 1 3', '2 false 1 2', '2 - 2 2', '1 false 2 3', '1 - 3 3'])
    expect(wrapper.get('[role=treegrid]').attributes('aria-activedescendant')).toBe(
      wrapper.get('.line.active').attributes('id'),
    )
  })
  it('shows what matches with all above it, whatever is expanded', async () => {
    const { shown, wrapper } = await tree({ filter: 'c' })
    expect(shown()).toEqual(['a', 'b', 'c'])
    expect((await tree({ filter: 'zzz' })).wrapper.text()).toContain('Nothing matches')
    wrapper.unmount()
  })
  it('holds only the rows in sight of 10,000', async () => {
    const rows = Array.from({ length: 10_000 }, (_, at) => row(`r${at}`, 0))
    const { wrapper, keys, active } = await tree({ rows })
    expect(wrapper.findAll('.line').length).toBeLessThan(80)
    await keys('End')
    expect(active()).toBe('r9999')
  })
})

describe('the structure of a tree', () => {
  // Any list of depths in which a row is at most one level below the row before it.
  const depths = fc.array(fc.nat(4)).map((wanted) => {
    let last = -1
    return wanted.map((depth) => ({ depth: (last = Math.min(depth, last + 1)) }))
  })
  it('puts every row below the last row of the level above', () => {
    fc.assert(
      fc.property(depths, (rows) => {
        treePlaces(rows).forEach(({ parent, position, siblings }, index) => {
          expect(parent === -1 ? -1 : rows[parent]?.depth).toBe((rows[index]?.depth ?? 0) - 1)
          expect(rows.slice(parent + 1, index).every(({ depth }) => depth >= (rows[index]?.depth ?? 0))).toBe(true)
          expect(position).toBeGreaterThanOrEqual(1)
          expect(position).toBeLessThanOrEqual(siblings)
        })
      }),
    )
  })
  it('shows all rows where all are expanded, and the first level where none is', () => {
    fc.assert(
      fc.property(depths, (rows) => {
        const places = treePlaces(rows)
        expect(visibleRows(places, () => true)).toEqual(rows.map((_, index) => index))
        expect(visibleRows(places, () => false)).toEqual(
          rows.flatMap(({ depth }, index) => (depth === 0 ? [index] : [])),
        )
      }),
    )
  })
  it('keeps matches with all rows above them and nothing else', () => {
    fc.assert(
      fc.property(depths, fc.func(fc.boolean()), (rows, isMatch) => {
        const places = treePlaces(rows)
        const kept = filteredRows(places, (index) => isMatch(index))
        const isAbove = (index: number, other: number): boolean =>
          other >= 0 && (other === index || isAbove(index, places[other]?.parent ?? -1))
        const expected = rows.flatMap((_, index) =>
          rows.some((_row, other) => isMatch(other) && isAbove(index, other)) ? [index] : [],
        )
        expect(kept).toEqual(expected)
      }),
    )
  })
})
