import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openapiDocument } from './openapi-document.ts'

const committed = readFileSync(new URL('../openapi.json', import.meta.url), 'utf8')
const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}
interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly tags?: readonly string[]
}

describe('openapi.json', () => {
  it('W-45: is what the routes say', async () => {
    const { version } = JSON.parse(manifest) as { version: string }
    expect(await openapiDocument(version)).toBe(committed)
  })

  it('names every operation once, with a summary and a tag', () => {
    const operations = Object.values((JSON.parse(committed) as Document).paths).flatMap((path) => Object.values(path))
    const ids = operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(operations.length)
    expect(operations.filter(({ summary, tags }) => summary === undefined || tags?.length !== 1)).toEqual([])
  })
})
