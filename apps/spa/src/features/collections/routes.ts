import type { RouteRecordRaw } from 'vue-router'
import { tabRoutes } from '../../shared/tabs.ts'
import { firstTab, workbenchTabs } from './all-tabs.ts'

const TABS = workbenchTabs.map(({ path }) => path).join('|')

export const routes: RouteRecordRaw[] = [
  { path: '/collections', name: 'collections', component: () => import('./CollectionsPage.vue') },
  // Without a version: the newest. Links to a file of the repository do not know one.
  {
    path: `/collections/:name/:tab(${TABS})?`,
    component: () => import('./CollectionEntry.vue'),
    props: true,
  },
  {
    path: '/collections/:name/v/:version',
    component: () => import('./WorkbenchPage.vue'),
    props: true,
    redirect: (to) => ({ path: `${to.path.replace(/\/$/, '')}/${firstTab}`, query: to.query, hash: to.hash }),
    children: tabRoutes(workbenchTabs, true),
  },
]
