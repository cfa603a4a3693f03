import type { Tab } from '../../shared/tabs.ts'

export const tabs: readonly Tab[] = [
  { path: 'steps', label: 'collections.tab.steps', order: 30, component: () => import('./tabs/StepsTab.vue') },
  { path: 'indexes', label: 'collections.tab.indexes', order: 40, component: () => import('./tabs/IndexesTab.vue') },
  {
    path: 'migrations',
    label: 'collections.tab.migrations',
    order: 50,
    component: () => import('./tabs/MigrationsTab.vue'),
  },
  {
    path: 'test-data',
    label: 'collections.tab.testData',
    order: 60,
    component: () => import('./tabs/TestDataTab.vue'),
  },
  { path: 'yaml', label: 'collections.tab.yaml', order: 70, component: () => import('./tabs/YamlTab.vue') },
  { path: 'history', label: 'collections.tab.history', order: 80, component: () => import('./tabs/HistoryTab.vue') },
]
