import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/library', redirect: '/types' },
  { path: '/:unknown(.*)*', name: 'not-found', component: () => import('./UnknownPage.vue') },
]
