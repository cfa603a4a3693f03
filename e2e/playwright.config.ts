import { defineConfig } from '@playwright/test'
import { existsSync } from 'node:fs'

/** Debian's chromium where it is installed, else the browser that Playwright brings. */
const DEBIAN = '/usr/bin/chromium'
const browser = process.env['STAGE0_CHROMIUM'] ?? (existsSync(DEBIAN) ? DEBIAN : undefined)

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export default defineConfig({
  testDir: 'flows',
  testMatch: '**/*.spec.ts',
  outputDir: 'results',
  // Two cores: one for the browser, one for the service and the database.
  workers: 2,
  // Figures for people are taken alone: the command that runs the tests runs this project after the others.
  projects: [
    { name: 'flows', testIgnore: 'budgets.spec.ts' },
    { name: 'budgets', testMatch: 'budgets.spec.ts' },
  ],
  fullyParallel: false,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['dot'], ['./support/tally-reporter.ts']],
  use: {
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 800 },
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    // Recording costs a fifth of the time: it is for a test that failed, with `--trace retain-on-failure`.
    trace: 'off',
    launchOptions: { args: QUIET, ...(browser !== undefined && { executablePath: browser }) },
  },
})
