import { useQuery } from '@pinia/colada'
import { computed } from 'vue'
import { configQuery } from './queries.ts'

/** What the service is and what it may be asked to do; undefined until it has said so. */
export function useCapabilities() {
  const query = useQuery(configQuery)
  return { query, capabilities: computed(() => query.data.value?.capabilities) }
}
