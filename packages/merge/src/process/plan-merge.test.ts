import { describe, expect, it } from 'vitest'
import { productOf } from './product.ts'
import { planMerge } from './plan-merge.ts'
import { memoryTree } from './tree.ts'
import { FILES, SPECIFICATIONS } from './testing/worked-example.ts'

const ENVIRONMENT = { SERVICE_NAME: 'mentee', SECRET: 'not declared' }

describe('a merge', () => {
  it('of the worked example gives the product that the language promises', () => {
    const tree = memoryTree(FILES)
    const plan = planMerge({ template: tree, specifications: SPECIFICATIONS, environment: ENVIRONMENT })
    if (!plan.ok) throw new Error(JSON.stringify(plan.problems))
    const product = productOf(plan.value, tree)
    if (!product.ok) throw new Error(JSON.stringify(product.problems))
    const texts = [...product.value].map(([path, entry]) => [
      path,
      entry.kind === 'file' ? new TextDecoder().decode(entry.bytes) : entry.target,
    ])
    expect(Object.fromEntries(texts)).toEqual({
      // The environment selects, and cannot be printed.
      'compose.env': 'PORT=8393\nSERVICE=[]',
      'README.md': '# Mentor Hub',
      'configurations/Profile.yaml': "name: Profile\ndescription: A person's preferences\nof: mentorhub",
      'configurations/Note.yaml': 'name: Note\ndescription: What somebody wrote\nof: mentorhub',
      'journey.routes.ts': 'export const Journey = ""',
      'note.routes.ts': 'export const Note = ""',
      'word.type.yaml': 'name: word\ndescription: A word',
      'src/untouched.ts': 'const braces = "{{ these stay }}"\n',
    })
    expect(plan.value.removes).toEqual([
      'Makefile',
      'README.md.template',
      'configurations/one.yaml.template',
      'routes.template',
      'type.template',
    ])
    expect(plan.value.entries.map(({ mode, outputs, dropped }) => [mode, outputs.length, dropped])).toEqual([
      ['inPlace', 1, 0],
      ['output', 1, 0],
      ['output', 0, 1],
      ['mergeFor', 2, 0],
      ['mergeFor', 2, 0],
      ['mergeFrom', 1, 0],
    ])
    expect(plan.value.environment).toEqual(['SERVICE_NAME'])
  })
})
