import { readonly, ref, type Ref } from 'vue'

const isOnline = ref(typeof navigator === 'undefined' || navigator.onLine)

/** What the last request showed: an answer of any kind means that there is a connection. */
export function reportReachable(isReachable: boolean): void {
  isOnline.value = isReachable
}

if (typeof window !== 'undefined') {
  window.addEventListener('online', () => reportReachable(true))
  window.addEventListener('offline', () => reportReachable(false))
}

/** Whether the service can be reached, by the browser's word and by the last request. */
export function useOnline(): Readonly<Ref<boolean>> {
  return readonly(isOnline)
}
