import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { expect, it } from 'vitest'
import { renderSample } from './render/testing/render-sample.ts'

/** Debian's browser; elsewhere `STAGE0_CHROMIUM` names one. */
const executablePath = process.env['STAGE0_CHROMIUM'] ?? '/usr/bin/chromium'
const hasBrowser = existsSync(executablePath)
if (!hasBrowser) console.log(`browser.test: the comparison in a browser is skipped, there is no ${executablePath}`)

const BROWSER_MS = 60_000

/** Core with a sample for the browser, as one script. A built-in module of Node anywhere below is an error of the build. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { renderSample } from './render/testing/render-sample.ts'\nglobalThis.renderSample = renderSample\nexport * from './index.ts'\n`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'core',
    target: 'es2023',
    conditions: ['@stage0/source'],
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

it('can be bundled for a browser: no built-in module of Node is reachable', async () => {
  const script = await bundle()
  expect(script.length).toBeGreaterThan(10_000)
  expect(script).not.toMatch(/require\(["'](?:node:|fs|path|crypto|os)/)
})

it.skipIf(!hasBrowser)(
  'gives the same bytes in a browser as in Node: problems, schemas, hashes',
  async () => {
    const script = await bundle()
    const browser = await chromium.launch({
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    })
    try {
      const page = await browser.newPage()
      await page.addScriptTag({ content: script })
      const there = await page.evaluate('globalThis.renderSample()')
      expect(there).toBe(renderSample())
    } finally {
      await browser.close()
    }
  },
  BROWSER_MS,
)
