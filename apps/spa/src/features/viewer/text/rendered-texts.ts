import { useQuery } from '@pinia/colada'
import { toAppError, type AppError } from '@stage0/vue-kit'
import { computed, type ComputedRef } from 'vue'
import { renderedQuery } from '../../../shared/queries.ts'
import type { TextFormat } from './node-lines.ts'

/** One rendered schema on its way: neither text nor error while it is being fetched, or not wanted. */
export interface RenderedText {
  readonly text?: string
  readonly error?: AppError
  readonly retry?: () => unknown
}

/** Both forms of a schema. A form that is absent cannot be rendered: the problems say why. */
export type RenderedTexts = Readonly<Partial<Record<TextFormat, RenderedText>>>

/**
 * The rendered schemas of a version, each fetched when it is first wanted.
 *
 * @param wanted Which of them are on screen.
 */
export function useRenderedTexts(
  of: () => { readonly name: string; readonly version: string },
  wanted: () => readonly TextFormat[],
): ComputedRef<RenderedTexts> {
  const queryOf = (format: TextFormat) =>
    useQuery(() => ({ ...renderedQuery({ as: `${format}_schema`, ...of() }), enabled: wanted().includes(format) }))
  const queries = { json: queryOf('json'), bson: queryOf('bson') }
  const stateOf = (format: TextFormat): RenderedText | undefined => {
    const { data, error, refetch } = queries[format]
    const failure = error.value === null ? undefined : toAppError(error.value)
    // To try again would help nobody: the problems say what to correct.
    if (failure?.code === 'SCHEMA_NOT_RENDERED') return undefined
    return {
      ...(data.value === undefined ? {} : { text: data.value }),
      ...(failure === undefined || failure.kind === 'aborted' ? {} : { error: failure, retry: () => refetch() }),
    }
  }
  return computed(() => {
    const [json, bson] = [stateOf('json'), stateOf('bson')]
    return { ...(json && { json }), ...(bson && { bson }) }
  })
}
