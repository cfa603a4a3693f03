import { useQuery } from '@pinia/colada'
import { versionQuery } from '../../shared/queries.ts'

/** One version of a collection; the tabs of the workbench share one answer of the service. */
export const useVersion = (of: { readonly name: string; readonly version: string }) =>
  useQuery(() => versionQuery({ name: of.name, version: of.version }))
