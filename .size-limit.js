import { readdirSync, readFileSync } from 'node:fs'

// Budgets of the console's first load: what the entry page asks for, and the first page that it shows.
const DIST = 'apps/spa/dist'
const ASSETS = `${DIST}/assets`
const html = readFileSync(`${DIST}/index.html`, 'utf8')
const entry = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, path]) => `${DIST}/${path}`)
const firstPage = readdirSync(ASSETS)
  .filter((name) => name.startsWith('OverviewPage-'))
  .map((name) => `${ASSETS}/${name}`)
const ending = (paths, end) => paths.filter((path) => path.endsWith(end))
const fonts = ending(readdirSync(ASSETS), '.woff2').map((name) => `${ASSETS}/${name}`)

export default [
  { name: 'first load: JavaScript', path: ending([...entry, ...firstPage], '.js'), limit: '220 kB', gzip: true },
  { name: 'first load: style sheets', path: ending([...entry, ...firstPage], '.css'), limit: '55 kB', gzip: true },
  { name: 'fonts, swapped in late', path: fonts, limit: '100 kB', gzip: false, brotli: false },
]
