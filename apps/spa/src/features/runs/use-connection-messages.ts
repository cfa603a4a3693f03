import { useToasts, type StreamStatus } from '@stage0/vue-kit'
import { watch } from 'vue'
import { useI18n } from 'vue-i18n'

const KEY = 'run connection'

/** Tells when the connection to a run is lost and when it is back; the page shows it as well. */
export function useConnectionMessages(status: () => StreamStatus): void {
  const { t } = useI18n({ useScope: 'global' })
  const toasts = useToasts()
  let isLost = false
  watch(status, (now) => {
    if (now === 'lost' && !isLost) {
      isLost = true
      toasts.show({ kind: 'warning', text: t('runs.connection.lost'), sticky: true, key: KEY })
    } else if (isLost && (now === 'live' || now === 'polling')) {
      isLost = false
      toasts.show({ kind: 'success', text: t('runs.connection.back'), key: KEY })
    } else if (isLost && now === 'ended') {
      isLost = false
      for (const { id, key } of toasts.items) if (key === KEY) toasts.dismiss(id)
    }
  })
}
