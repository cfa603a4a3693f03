import type { FileKind, Usage } from '@stage0/types'
import type { Snapshot } from '@stage0/workspace'
export const usesOfFile = (_s: Snapshot, _k: FileKind, _n: string): readonly Usage[] => []
