import { inOrder, type Tab } from '../../shared/tabs.ts'

/** The tabs of a version, of every feature. The one that is shown first is the schema, or else the first in order. */
export const workbenchTabs = inOrder(
  import.meta.glob<{ tabs: readonly Tab[] }>('../*/workbench-tabs.ts', { eager: true }),
)
export const firstTab = (workbenchTabs.find(({ path }) => path === 'schema') ?? workbenchTabs[0])?.path ?? ''
