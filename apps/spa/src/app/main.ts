import { createKit } from '@stage0/vue-kit'
import '@stage0/vue-kit/styles.css'
import { PiniaColada } from '@pinia/colada'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { createTexts } from './texts.ts'
import { createConsoleRouter } from './router.ts'
import { reloadWhenStale } from './stale-build.ts'

reloadWhenStale(window, () => location.reload())

createApp(App)
  .use(createPinia())
  .use(PiniaColada)
  .use(createTexts())
  .use(createKit())
  .use(createConsoleRouter())
  .mount('#app')
