import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../files/testing/folders.ts'
import { unifiedDiff } from './line-difference.ts'

/** Text as `patch` would make it, from the lines of a difference alone. */
function applied(from: string, diff: string): string {
  const lines = from.match(/[^\n]*\n|[^\n]+$/g) ?? []
  const result: string[] = []
  let at = 0
  const parts = diff.split('\n').slice(0, -1)
  for (const [index, part] of parts.entries()) {
    const header = /^@@ -(\d+)(?:,(\d+))? /.exec(part)
    if (header !== null) {
      const start = Number(header[1]) - (header[2] === '0' ? 0 : 1)
      result.push(...lines.slice(at, start))
      at = start
      continue
    }
    if (part.startsWith('\\')) continue
    const text = `${part.slice(1)}${parts[index + 1]?.startsWith('\\') === true ? '' : '\n'}`
    if (part.startsWith('+')) result.push(text)
    else {
      expect(lines[at]).toBe(text)
      if (part.startsWith(' ')) result.push(text)
      at += 1
    }
  }
  return [...result, ...lines.slice(at)].join('')
}

const text = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 }), fc.boolean())
  .map(([lines, ends]) => lines.map((line) => `${line}\n`).join('') + (ends ? '' : 'end'))

describe('the difference of two texts', () => {
  it('is nothing for equal ones', () => {
    expect(unifiedDiff('a\nb', 'a\nb')).toBe('')
    expect(unifiedDiff('', '')).toBe('')
  })

  it('shows three lines around a change, and says where no line feed is', () => {
    const from = Array.from({ length: 20 }, (_, at) => `${at}\n`).join('')
    expect(unifiedDiff(from, `${from.replace('10\n', 'ten\n')}end`)).toBe(
      '@@ -8,7 +8,7 @@\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n@@ -18,3 +18,4 @@\n 17\n 18\n 19\n+end\n\\ No newline at end of file\n',
    )
  })

  it('makes the second text out of the first', () => {
    fc.assert(
      fc.property(text, text, (from, to) => {
        expect(applied(from, unifiedDiff(from, to))).toBe(to)
      }),
    )
  })

  it('has as few changed lines as the program diff finds', (context) => {
    if (spawnSync('diff', ['--version']).status !== 0) context.skip('there is no program diff here')
    const folder = temporaryFolder()
    const [a, b] = [join(folder, 'a'), join(folder, 'b')]
    const changes = (diff: string): number => diff.split('\n').filter((line) => /^[+-](?![+-]{2} )/.test(line)).length
    fc.assert(
      fc.property(text, text, (from, to) => {
        writeFileSync(a, from)
        writeFileSync(b, to)
        const { stdout } = spawnSync('diff', ['-u', '--minimal', a, b], { encoding: 'utf8' })
        expect(changes(unifiedDiff(from, to))).toBe(changes(stdout))
      }),
      { numRuns: 40 },
    )
  })

  it('of texts with nothing in common is one block, quickly', () => {
    const many = (prefix: string) => Array.from({ length: 3000 }, (_, at) => `${prefix}${at}\n`).join('')
    expect(unifiedDiff(many('a'), many('b'))).toMatch(/^@@ -1,3000 \+1,3000 @@\n-a0\n/)
  })
})
