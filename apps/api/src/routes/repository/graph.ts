import { buildGraph } from '@stage0/core'
import type { Graph } from '@stage0/types'
import type { Snapshot } from '@stage0/workspace'
import { perSnapshot } from './memo.ts'

/** What the repository consists of, and what uses what. */
export const graphOf: (snapshot: Snapshot) => Graph = perSnapshot(({ repository }) => buildGraph(repository))
