import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/problems', component: () => import('./ProblemsPage.vue') },
  { path: '/errors/:code', component: () => import('./ErrorCodePage.vue'), props: true },
]
