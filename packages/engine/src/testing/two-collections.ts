import { doc } from '@stage0/bson-schema'
import { repository, version } from './repository.ts'
import type { Ran } from './run.ts'

/** Two collections: one with a unique index, one with documents. Development only. */
export const two = repository({
  media: [version('media', '1.0.0.0', { unique: ['title'] })],
  user: [version('user', '1.0.0.0', { data: [doc({ _id: 1 }), doc({ _id: 2 })] })],
})
/** The first of them alone. */
export const first = repository({ media: two.collections[0]?.versions ?? [] })
export const OPTIONS = { environment: 'local', loadTestData: true }

/** How each step ended, in words: "user loadData succeeded". */
export const ended = ({ events }: Ran): string[] =>
  events.flatMap((event) =>
    event.type === 'step.finished' ? [`${event.collection ?? ''} ${event.kind} ${event.status}`.trim()] : [],
  )
