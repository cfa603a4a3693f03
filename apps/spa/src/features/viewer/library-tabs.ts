import type { Tab } from '../../shared/tabs.ts'

export const tabs: readonly Tab[] = [
  { path: 'schema', label: 'viewer.tab.schema', order: 10, component: () => import('./LibrarySchema.vue') },
]
