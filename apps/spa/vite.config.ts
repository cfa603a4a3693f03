import vue from '@vitejs/plugin-vue'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'
import vuetify from 'vite-plugin-vuetify'

// The packages of this repository are compiled from their sources: no build step before the console's own.
const conditions = ['@stage0/source', 'module', 'browser', 'import', 'default']

// The name that the browser asked for is kept: the service answers to pages of its own origin only.
const API = { target: process.env['STAGE0_API'] ?? 'http://127.0.0.1:8081', changeOrigin: false }

/** A compressed copy beside every text that is worth it: the service sends it as it is and compresses nothing itself. */
const compress: Plugin = {
  name: 'compressed-copies',
  apply: 'build',
  writeBundle({ dir = '' }) {
    const assets = join(dir, 'assets')
    for (const name of readdirSync(assets)) {
      if (!/\.(?:js|css|svg)$/.test(name)) continue
      const text = readFileSync(join(assets, name))
      if (text.length > 1024) writeFileSync(join(assets, `${name}.gz`), gzipSync(text, { level: 9 }))
    }
  },
}

const LAYERS = readFileSync(new URL('../../packages/vue-kit/src/styles/layers.css', import.meta.url), 'utf8')

/**
 * The order of the cascade layers at the head of every stylesheet. The build gives each chunk a stylesheet of its own, and
 * the first that arrives would say the order by what it happens to use: the plain `button` of the base would beat Vuetify's.
 */
const layerOrder: Plugin = {
  name: 'layer-order',
  apply: 'build',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      const order = LAYERS.slice(LAYERS.indexOf('@layer')).replaceAll(/\s+/g, ' ').trim()
      for (const file of Object.values(bundle))
        if (file.type === 'asset' && file.fileName.endsWith('.css')) file.source = `${order}${file.source.toString()}`
    },
  },
}

export default defineConfig({
  plugins: [vue(), vuetify({ autoImport: true }), layerOrder, compress],
  resolve: { conditions },
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  build: { target: 'es2022', reportCompressedSize: false, chunkSizeWarningLimit: 700 },
  worker: { format: 'es' },
  server: { proxy: { '/api': API, '/docs': API, '/metrics': API } },
})
