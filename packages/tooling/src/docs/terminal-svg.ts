/** A run of characters of one look. */
interface Span {
  readonly text: string
  readonly look: string
}

const CHARACTER_WIDTH_PX = 8.4
const LINE_HEIGHT_PX = 19
const PADDING_PX = 16

/** The SGR codes that the command uses, as classes; a closing code ends its class. */
const OPENING: Readonly<Record<string, string>> = {
  1: 'bold',
  2: 'dim',
  31: 'red',
  32: 'green',
  33: 'yellow',
  36: 'cyan',
}
const CLOSING: Readonly<Record<string, readonly string[]>> = {
  0: ['bold', 'dim', 'red', 'green', 'yellow', 'cyan'],
  22: ['bold', 'dim'],
  39: ['red', 'green', 'yellow', 'cyan'],
}

const STYLE = `
    text { font: 14px/1 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #d7dde4; white-space: pre; }
    .bold { font-weight: 600; fill: #ffffff; } .dim { fill: #94a0ad; } .red { fill: #ff8f87; }
    .green { fill: #7ee2a0; } .yellow { fill: #f2cc60; } .cyan { fill: #79d0e8; }
  `

/**
 * A picture of a terminal: what a command printed, colours included, as an SVG that needs no fonts of its own.
 *
 * @param output With ANSI colour codes, as the command prints them with FORCE_COLOR=1.
 * @param title  For readers who cannot see it.
 */
export function terminalSvg(output: string, title: string): string {
  const lines = output.trimEnd().split('\n').map(spansOf)
  const columns = Math.max(60, ...lines.map((line) => line.reduce((sum, { text }) => sum + text.length, 0)))
  const width = Math.ceil(columns * CHARACTER_WIDTH_PX + 2 * PADDING_PX)
  const height = lines.length * LINE_HEIGHT_PX + 2 * PADDING_PX
  const texts = lines.map(
    (line, index) =>
      `  <text x="${PADDING_PX}" y="${PADDING_PX + (index + 1) * LINE_HEIGHT_PX - 5}">${line.map(tspan).join('')}</text>`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `  <title>${escape(title)}</title>`,
    `  <style>${STYLE}</style>`,
    `  <rect width="${width}" height="${height}" rx="8" fill="#1b2027"/>`,
    ...texts,
    '</svg>\n',
  ].join('\n')
}

function spansOf(line: string): Span[] {
  const spans: Span[] = []
  const look = new Set<string>()
  // Every odd part is the number of an SGR code.
  for (const [index, part] of line.split(/\u001b\[(\d*)m/).entries()) {
    if (index % 2 === 0) {
      if (part !== '') spans.push({ text: part, look: [...look].join(' ') })
      continue
    }
    const opened = OPENING[part]
    if (opened !== undefined) look.add(opened)
    for (const closed of CLOSING[part === '' ? '0' : part] ?? []) look.delete(closed)
  }
  return spans
}

const tspan = ({ text, look }: Span): string =>
  look === '' ? escape(text) : `<tspan class="${look}">${escape(text)}</tspan>`

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
