import { onScopeDispose, readonly, ref, type Ref } from 'vue'

/** Whether the window is too narrow for tables (below 600 px). */
export function useNarrow(): Readonly<Ref<boolean>> {
  const query = window.matchMedia('(max-width: 599.98px)')
  const isNarrow = ref(query.matches)
  const read = () => (isNarrow.value = query.matches)
  query.addEventListener('change', read)
  onScopeDispose(() => query.removeEventListener('change', read))
  return readonly(isNarrow)
}
