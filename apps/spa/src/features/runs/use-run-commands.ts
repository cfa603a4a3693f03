import { useCommands } from '@stage0/vue-kit'
import { useI18n } from 'vue-i18n'

interface RunActs {
  /** Whether the run is at work, and nobody has asked it to end. */
  readonly isAtWork: () => boolean
  readonly isPauseWanted: () => boolean
  readonly toggle: () => unknown
  readonly cancel: () => unknown
}

/** What can be done with the run that is shown, in the palette. */
export function useRunCommands({ isAtWork, isPauseWanted, toggle, cancel }: RunActs): void {
  const { t } = useI18n({ useScope: 'global' })
  const group = t('app.group.actions')
  useCommands().register(
    {
      id: 'run pause',
      label: t('runs.pause.verb'),
      group,
      when: () => isAtWork() && !isPauseWanted(),
      run: toggle,
    },
    { id: 'run resume', label: t('runs.pause.resume'), group, when: () => isAtWork() && isPauseWanted(), run: toggle },
    { id: 'run cancel', label: t('runs.cancel.verb'), group, when: isAtWork, run: cancel },
  )
}
