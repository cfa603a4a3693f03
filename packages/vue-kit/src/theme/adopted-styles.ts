import type { App } from 'vue'

interface HeadStyle {
  readonly textContent: string
}
type HeadInput = () => { readonly style: readonly HeadStyle[] }

/**
 * Takes the place of a head manager (`usehead`), to which Vuetify hands the rules of its theme instead of writing a
 * `<style>` element. They become an adopted style sheet, which a content security policy of `style-src 'self'` allows.
 * @returns a function that puts back what was provided under that name before (call it once Vuetify is installed).
 */
export function provideAdoptedStyles(app: App, target: Pick<Document, 'adoptedStyleSheets'>): () => void {
  const provides = app._context.provides as Record<string, unknown>
  const before = provides['usehead']
  const sheet = new CSSStyleSheet()
  const write = (input: HeadInput) => {
    sheet.replaceSync(
      input()
        .style.map(({ textContent }) => textContent)
        .join('\n'),
    )
  }
  provides['usehead'] = {
    push: (input: HeadInput) => {
      write(input)
      target.adoptedStyleSheets = [...target.adoptedStyleSheets, sheet]
      return { patch: write }
    },
  }
  return () => {
    if (before === undefined) delete provides['usehead']
    else provides['usehead'] = before
  }
}
