// @vitest-environment happy-dom
import { flushPromises, type DOMWrapper } from '@vue/test-utils'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, shallowRef } from 'vue'
import { mountKit, press } from '../testing/mount-kit.ts'
import DataTable from './DataTable.vue'
import { sortRows } from './sort-rows.ts'
import { rowsInSight } from './use-virtual-rows.ts'

afterEach(() => {
  document.body.replaceChildren()
  vi.restoreAllMocks()
})
interface Row {
  readonly name: string
  readonly size: number | null
}
const COLUMNS = [
  { key: 'name', label: 'Name', sortable: true },
  { key: 'size', label: 'Size', sortable: true },
]
const ROWS: Row[] = [
  { name: 'b10', size: 3 },
  { name: 'b9', size: null },
  { name: 'a', size: 20 },
]
const many = (count: number): Row[] => Array.from({ length: count }, (_, size) => ({ name: `row${size}`, size }))

async function table(props: Record<string, unknown> = {}, slots: Record<string, (props: never) => unknown> = {}) {
  const updates: Record<string, unknown> = {}
  const { wrapper, router } = await mountKit(DataTable as never, {
    props: {
      columns: COLUMNS,
      rows: ROWS,
      rowKey: 'name',
      label: 'Things',
      'onUpdate:sort': (sort: unknown) => (updates['sort'] = sort),
      'onUpdate:selection': (selection: unknown) => (updates['selection'] = selection),
      ...props,
    },
    slots,
  })
  const cells = () => wrapper.findAll('tbody tr').map((row: DOMWrapper<Element>) => row.findAll('td').at(-2)?.text())
  const key = async (name: string) => {
    press(wrapper.get('table').element, name)
    await flushPromises()
  }
  return { wrapper, router, updates, cells, key }
}

describe('a table', () => {
  it('sorts numbers as numbers, names as people do, what has no value last', () => {
    const names = (key: string, isDescending: boolean) =>
      sortRows(ROWS, { key, isDescending }, (row, at) => row[at as keyof Row]).map(({ name }) => name)
    expect(names('name', false)).toEqual(['a', 'b9', 'b10'])
    expect(names('name', true)).toEqual(['b10', 'b9', 'a'])
    expect(names('size', false)).toEqual(['b10', 'a', 'b9'])
    expect(names('size', true)).toEqual(['a', 'b10', 'b9'])
  })
  it('asks for another order from the header, the other way round the second time', async () => {
    const first = await table()
    await first.wrapper.findAll('.sort')[0]?.trigger('click')
    expect(first.updates['sort']).toEqual({ key: 'name', isDescending: false })
    const second = await table({ sort: { key: 'name', isDescending: false } })
    expect(second.cells()).toEqual(['a', 'b9', 'b10'])
    expect(second.wrapper.findAll('th').map((th) => th.attributes('aria-sort'))).toEqual(['ascending', 'none'])
    await second.wrapper.findAll('.sort')[0]?.trigger('click')
    expect(second.updates['sort']).toEqual({ key: 'name', isDescending: true })
  })
  it('moves by keys, opens the link with Enter', async () => {
    const { wrapper, router, key } = await table({ rowLink: (row: Row) => `/things/${row.name}` })
    const active = () => wrapper.get('tbody tr.active').text()
    expect(wrapper.get('table').attributes('role')).toBe('grid')
    expect(active()).toContain('b10')
    await key('ArrowUp')
    expect(active()).toContain('b10')
    await key('ArrowDown')
    expect(active()).toContain('b9')
    await key('End')
    expect(active()).toContain('a')
    expect(wrapper.get('table').attributes('aria-activedescendant')).toBe(
      wrapper.get('tbody tr.active').attributes('id'),
    )
    await key('Enter')
    expect(router.currentRoute.value.path).toBe('/things/a')
  })
  it('stays at the row that was reached when others come in before it: Enter opens what one sees', async () => {
    const rows = shallowRef(ROWS)
    const rowLink = (row: Row) => `/${row.name}`
    const list = () => h(DataTable as never, { columns: COLUMNS, rows: rows.value, rowKey: 'name', label: '', rowLink })
    const { wrapper, router } = await mountKit(defineComponent(() => list))
    const key = async (name: string) => {
      press(wrapper.get('table').element, name)
      await flushPromises()
    }
    await key('ArrowDown')
    rows.value = [{ name: 'new', size: 1 }, ...ROWS]
    await flushPromises()
    await key('Enter')
    expect(router.currentRoute.value.path).toBe('/b9')
    rows.value = [{ name: 'only', size: 1 }]
    await flushPromises()
    await key('Enter')
    expect(router.currentRoute.value.path, 'a row that went leaves the next best').toBe('/only')
  })
  it('opens a row with a click, but not from a control inside it', async () => {
    const { wrapper, router } = await table(
      { rowLink: (row: Row) => `/things/${row.name}` },
      { 'cell-size': () => h('button', 'Act') },
    )
    await wrapper.get('tbody button').trigger('click')
    expect(router.currentRoute.value.path).toBe('/')
    await wrapper.findAll('tbody tr')[1]?.trigger('click')
    await flushPromises()
    expect(router.currentRoute.value.path).toBe('/things/b9')
  })
  it('selects with Space and with the boxes, all at once with the one in the header', async () => {
    const { wrapper, updates, key } = await table({ selection: ['a'] })
    expect(wrapper.findAll('tbody tr').map((row) => row.attributes('aria-selected'))).toEqual([
      'false',
      'false',
      'true',
    ])
    await key(' ')
    expect(updates['selection']).toEqual(['a', 'b10'])
    await wrapper.findAll('tbody input')[2]?.trigger('change')
    expect(updates['selection']).toEqual([])
    await wrapper.get('thead input').trigger('change')
    expect(updates['selection']).toEqual(['b10', 'b9', 'a'])
  })
  it('is no grid and has no boxes where there is nothing to do', async () => {
    const { wrapper } = await table()
    expect(wrapper.get('table').attributes('role')).toBeUndefined()
    expect(wrapper.find('input').exists()).toBe(false)
  })
  it('says that there is nothing', async () => {
    expect((await table({ rows: [] })).wrapper.text()).toBe('Nothing here')
  })
  it('holds only the rows in sight of 10,000, says how many there are, and reaches the last by End', async () => {
    const { wrapper, key } = await table({ rows: many(10_000), rowLink: () => '/x' })
    expect(wrapper.findAll('tbody tr[id]').length).toBeLessThan(80)
    expect(wrapper.get('table').attributes('aria-rowcount')).toBe('10001')
    await key('End')
    expect(wrapper.get('tbody tr.active').text()).toContain('row9999')
    expect(wrapper.get('tbody tr.active').attributes('aria-rowindex')).toBe('10001')
  })
  it('has two lines a row on a narrow screen, without the columns of less weight', async () => {
    vi.spyOn(window, 'matchMedia').mockImplementation(
      (query) => Object.assign(new EventTarget(), { matches: true, media: query }) as MediaQueryList,
    )
    const { wrapper } = await table({ columns: [...COLUMNS, { key: 'extra', label: 'Extra', priority: 2 }] })
    expect(wrapper.find('thead').exists()).toBe(false)
    expect(
      wrapper
        .findAll('.two-lines')[0]
        ?.findAll('.kit-truncate')
        .map((line) => line.text()),
    ).toEqual(['b10', '3'])
  })
  it('shows first on a narrow screen what must not be cut off, and leaves out what is empty', async () => {
    vi.spyOn(window, 'matchMedia').mockImplementation(
      (query) => Object.assign(new EventTarget(), { matches: true, media: query }) as MediaQueryList,
    )
    const { wrapper } = await table({
      columns: [...COLUMNS, { key: 'nothing', label: 'Nothing' }, { key: 'state', label: 'State', priority: 0 }],
      sortValue: (row: Record<string, unknown>, key: string) => (key === 'state' ? 'Behind' : row[key]),
    })
    const parts = wrapper.findAll('.two-lines')[0]?.findAll('.part') ?? []
    expect(parts.map((part) => part.text())).toEqual(['Behind', '3', ''])
  })
})

describe('the rows in sight', () => {
  it('are within the list and cover the view wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.nat(500_000),
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 10, max: 60 }),
        fc.nat(20_000),
        (top, height, rowHeight, count) => {
          const { from, to } = rowsInSight({ top, height }, rowHeight, count)
          expect(from).toBeGreaterThanOrEqual(0)
          expect(to).toBeLessThanOrEqual(count)
          const bottom = Math.min(count, Math.ceil((top + height) / rowHeight))
          const first = Math.min(Math.floor(top / rowHeight), Math.max(0, count - Math.ceil(height / rowHeight)))
          if (count > 0) expect(from).toBeLessThanOrEqual(first)
          expect(to).toBeGreaterThanOrEqual(Math.min(count, bottom))
        },
      ),
    )
  })
})
