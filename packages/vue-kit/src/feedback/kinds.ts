import {
  mdiAlertCircleOutline,
  mdiAlertOutline,
  mdiCheckCircleOutline,
  mdiCircleOutline,
  mdiInformationOutline,
  mdiProgressClock,
} from '@mdi/js'

/** What a message says; `neutral` and `running` only for marks. */
export type MessageKind = 'info' | 'success' | 'warning' | 'error'
export type StatusKind = MessageKind | 'neutral' | 'running'

/** The icon of each kind: a status is never told by colour alone. */
export const KIND_ICONS: Record<StatusKind, string> = {
  info: mdiInformationOutline,
  success: mdiCheckCircleOutline,
  warning: mdiAlertOutline,
  error: mdiAlertCircleOutline,
  neutral: mdiCircleOutline,
  running: mdiProgressClock,
}
