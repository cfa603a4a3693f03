import { inOrder, type Tab } from '../../shared/tabs.ts'

/** Tabs of a type or a dictionary, of every feature. */
export const libraryTabs = inOrder(import.meta.glob<{ tabs: readonly Tab[] }>('../*/library-tabs.ts', { eager: true }))
