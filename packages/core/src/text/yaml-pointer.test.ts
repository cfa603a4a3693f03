import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readYaml } from './read-yaml.ts'
import type { YamlNode } from './yaml-node.ts'
import { yamlPointer } from './yaml-pointer.ts'

const rootOf = (text: string): YamlNode => {
  const { root } = readYaml(text)
  if (root === undefined) throw new Error('not read')
  return root
}

describe('the pointer of a place', () => {
  it('is found among many siblings, at keys, values and items', () => {
    const count = 200
    const text = Array.from({ length: count }, (_, i) => `k${i}: [${i}, {a: x${i}}]\n`).join('')
    const root = rootOf(text)
    for (let i = 0; i < count; i++) {
      const key = text.indexOf(`k${i}:`)
      expect(yamlPointer(root, key, key + `k${i}`.length)).toBe(`/k${i}`)
      const value = text.indexOf(`x${i}}`)
      expect(yamlPointer(root, value, value + `x${i}`.length)).toBe(`/k${i}/1/a`)
    }
  })

  it('of what stands behind aliases is where it is written, in wide lists too', () => {
    const fill = Array.from({ length: 60 }, (_, i) => `w${i}`)
    const item = fc.constantFrom('*a', '*b')
    fc.assert(
      fc.property(fc.array(item, { maxLength: 60 }), (aliases) => {
        const text = `[&a {n: here}, &b {n: there}, ${[...aliases, ...fill].join(', ')}]`
        const root = rootOf(text)
        const [here, there, last] = ['here', 'there', 'w59'].map((word) => text.indexOf(word)) as [
          number,
          number,
          number,
        ]
        expect(yamlPointer(root, here, here + 4)).toBe('/0/n')
        expect(yamlPointer(root, there, there + 5)).toBe('/1/n')
        expect(yamlPointer(root, last, last + 3)).toBe(`/${aliases.length + 61}`)
      }),
    )
  })
})
