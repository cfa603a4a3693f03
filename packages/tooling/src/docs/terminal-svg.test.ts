import { describe, expect, it } from 'vitest'
import { terminalSvg } from './terminal-svg.ts'

describe('the picture of a terminal', () => {
  it('keeps text, colours and line breaks, and escapes what markup would read', () => {
    const svg = terminalSvg('\u001b[32mdone\u001b[39m a < b\nnext\n', 'A & B')
    expect(svg).toContain('<tspan class="green">done</tspan> a &lt; b</text>')
    expect(svg).toContain('>next</text>')
    expect(svg).toContain('<title>A &amp; B</title>')
  })

  it('ends a look where its closing code stands', () => {
    expect(terminalSvg('\u001b[1mA\u001b[22mB', 't')).toContain('<tspan class="bold">A</tspan>B')
  })
})
