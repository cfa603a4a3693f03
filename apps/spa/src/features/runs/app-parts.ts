import type { Component } from 'vue'
import RunWatcher from './RunWatcher.vue'

/** What this feature adds to every page. */
export const parts: readonly Component[] = [RunWatcher]
