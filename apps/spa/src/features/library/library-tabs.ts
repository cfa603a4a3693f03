import type { Tab } from '../../shared/tabs.ts'

export const tabs: readonly Tab[] = [
  { path: 'text', label: 'library.tab.text', order: 50, component: () => import('./TextTab.vue') },
  { path: 'used-by', label: 'library.tab.usedBy', order: 60, component: () => import('./UsedByTab.vue') },
]
