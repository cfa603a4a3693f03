import type { RouteRecordRaw } from 'vue-router'

/** Every building block on one page: for those who work on the console, so not in the navigation. */
export const routes: RouteRecordRaw[] = [
  { path: '/gallery', name: 'gallery', component: () => import('./GalleryPage.vue') },
]
