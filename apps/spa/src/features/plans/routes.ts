import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/plans/new', name: 'new-plan', component: () => import('./NewPlanPage.vue') },
  { path: '/plans/:id', name: 'plan', component: () => import('./PlanPage.vue'), props: true },
]
