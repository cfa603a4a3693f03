// First of all, so that the order of the cascade layers is set before the styles of any component.
import './styles/layers.css'
import type { App, Plugin } from 'vue'
import { createVuetify } from 'vuetify'
import { aliases, mdi } from 'vuetify/iconsets/mdi-svg'
import { provideAdoptedStyles } from './theme/adopted-styles.ts'
import { COMPONENT_DEFAULTS } from './theme/defaults.ts'
import { KIT_STORAGE, safeStorage } from './theme/storage.ts'
import { createThemeControl, THEME_CHOICE, type KitStorage } from './theme/theme-choice.ts'
import { THEMES } from './theme/tokens.ts'

/** What the plugin can be told. */
export interface KitOptions {
  /** Where choices and sizes are remembered; the browser's local storage unless given. */
  readonly storage?: KitStorage
  /** Only for a browser without adopted style sheets: the nonce of the one `<style>` element of the theme. */
  readonly cspNonce?: string
}

/** A nonce that the server put into `<meta property="csp-nonce">`. */
const nonceOfPage = () => document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce

const canAdopt = () => 'adoptedStyleSheets' in document && 'replaceSync' in CSSStyleSheet.prototype

/** The Vue plugin of the kit: Vuetify with our theme and component defaults, the theme choice and the storage. */
export function createKit(options: KitOptions = {}): Plugin {
  return {
    install(app: App) {
      const storage = safeStorage(() => options.storage ?? localStorage)
      const cspNonce = options.cspNonce ?? nonceOfPage()
      const vuetify = createVuetify({
        theme: {
          defaultTheme: 'system',
          themes: THEMES,
          transition: false,
          ...(cspNonce === undefined || cspNonce === '' ? {} : { cspNonce }),
        },
        defaults: COMPONENT_DEFAULTS,
        display: { mobileBreakpoint: 600, thresholds: { xs: 0, sm: 600, md: 960, lg: 1280, xl: 1920, xxl: 2560 } },
        icons: { defaultSet: 'mdi', aliases, sets: { mdi } },
      })
      const control = createThemeControl(vuetify.theme, storage)
      const restore = canAdopt() ? provideAdoptedStyles(app, document) : () => undefined
      app.use(vuetify)
      restore()
      app.provide(KIT_STORAGE, storage)
      app.provide(THEME_CHOICE, control)
    },
  }
}
