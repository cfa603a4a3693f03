import type { RouteRecordRaw } from 'vue-router'
import { fileNameOf } from '../../shared/paths.ts'
import { tabRoutes } from '../../shared/tabs.ts'
import { libraryTabs } from './all-tabs.ts'
import { LISTS } from './kinds.ts'

const first = libraryTabs[0]?.path ?? ''

const listPage = () => import('./FilesPage.vue')
const textPage = () => import('./FilePage.vue')

/** A type or a dictionary: its tabs are routes below it. */
const withTabs = (path: string, kind: 'types' | 'dictionaries'): RouteRecordRaw => ({
  path: `${path}/:name`,
  component: () => import('./SchemaFilePage.vue'),
  props: ({ params }) => ({ kind, fileName: fileNameOf(String(params['name'])) }),
  redirect: (to) => ({ path: `${to.path.replace(/\/$/, '')}/${first}`, query: to.query, hash: to.hash }),
  children: tabRoutes(libraryTabs, ({ params }) => ({ kind, fileName: fileNameOf(String(params['name'])) })),
})

export const routes: RouteRecordRaw[] = [
  // Enumerators are listed by enumeration, not by file.
  ...(['types', 'dictionaries', 'migrations', 'test_data'] as const).map((kind): RouteRecordRaw => ({
    path: LISTS[kind].path,
    component: listPage,
    props: { kind },
  })),
  withTabs('/types', 'types'),
  withTabs('/schemas', 'dictionaries'),
  { path: '/migrations/:fileName', component: textPage, props: ({ params }) => ({ ...params, kind: 'migrations' }) },
  { path: '/test-data/:fileName', component: textPage, props: ({ params }) => ({ ...params, kind: 'test_data' }) },
  {
    path: '/enumerators/files/:fileName',
    component: textPage,
    props: ({ params }) => ({ ...params, kind: 'enumerators' }),
  },
  { path: '/enumerators', component: () => import('./EnumerationsPage.vue') },
  {
    path: '/enumerators/:version(\\d+)/:name',
    component: () => import('./EnumerationPage.vue'),
    props: ({ params }) => ({ version: Number(params['version']), name: String(params['name']) }),
  },
]
