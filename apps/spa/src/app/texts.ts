import { kitTexts } from '@stage0/vue-kit'
import { createI18n } from 'vue-i18n'

type Texts = Readonly<Record<string, unknown>>
const features = import.meta.glob<Texts>('../features/*/en.json', { eager: true, import: 'default' })
const common = import.meta.glob<Texts>(['../shared/en.json', './en.json'], { eager: true, import: 'default' })

/** Texts by feature: the key of a text begins with the name of its feature's folder, `shared`, `app`, or `kit`. */
function catalogue(): Record<string, Texts> {
  const all: Record<string, Texts> = { kit: kitTexts }
  for (const [path, texts] of Object.entries({ ...features, ...common })) {
    const folder = path.split('/').at(-2) ?? ''
    all[folder === '.' ? 'app' : folder] = texts
  }
  return all
}

/** The texts of the console. English is shipped; another language is another catalogue of the same keys. */
export const createTexts = () =>
  createI18n({ legacy: false, locale: 'en', fallbackLocale: 'en', messages: { en: catalogue() as never } })
