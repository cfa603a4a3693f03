import { createRouter, createWebHistory, type Router, type RouteRecordRaw } from 'vue-router'

/** Each feature brings its own routes: a new screen touches no common file. */
const modules = import.meta.glob<{ routes: RouteRecordRaw[] }>('../features/*/routes.ts', { eager: true })

/** The routes of every feature; pages are loaded when they are first shown. */
export function createConsoleRouter(): Router {
  return createRouter({
    history: createWebHistory(),
    routes: Object.values(modules).flatMap(({ routes }) => routes),
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  })
}
