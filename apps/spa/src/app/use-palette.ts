import { useQuery, useQueryCache } from '@pinia/colada'
import { useCommands } from '@stage0/vue-kit'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute } from 'vue-router'
import { collectionsQuery, enumerationsQuery, graphQuery, runsQuery, versionQuery } from '../shared/queries.ts'
import { paths } from '../shared/paths.ts'
import { DESTINATIONS } from './navigation.ts'
import { paletteEntries, searchEntries } from './palette-view.ts'

const MOST = 40

/** Fills the palette with pages, acts and everything that has a name. The service is asked when it is first opened. */
export function usePalette(): void {
  const { t } = useI18n({ useScope: 'global' })
  const route = useRoute()
  const commands = useCommands()
  const cache = useQueryCache()
  const enabled = () => commands.isPaletteOpen

  const collections = useQuery(() => ({ ...collectionsQuery, enabled: enabled() }))
  const graph = useQuery(() => ({ ...graphQuery, enabled: enabled() }))
  const enumerations = useQuery(() => ({ ...enumerationsQuery, enabled: enabled() }))
  const runs = useQuery(() => ({ ...runsQuery({ limit: 20 }), enabled: enabled() }))

  /** The version in the address, where it has been loaded. */
  function schema() {
    const { name, version } = route.params
    if (typeof name !== 'string' || typeof version !== 'string') return undefined
    const detail = cache.getQueryData(versionQuery({ name, version }).key)
    return detail && { name, version, nodes: detail.nodes }
  }
  const groups = computed(() => ({
    collections: t('app.group.collections'),
    files: t('app.group.files'),
    enumerators: t('app.group.enumerators'),
    runs: t('app.group.runs'),
    properties: t('app.group.properties'),
    problems: t('app.group.problems'),
  }))

  commands.registerSource((query) =>
    searchEntries(
      paletteEntries(
        {
          collections: collections.data.value?.items,
          graph: graph.data.value,
          enumerations: enumerations.data.value,
          runs: runs.data.value?.items,
          schema: schema(),
        },
        groups.value,
      ),
      query,
      MOST,
    ),
  )
  commands.register(
    ...DESTINATIONS.map(({ id, to, keys }) => ({
      id: `go ${id}`,
      label: t(`app.nav.${id}`),
      group: t('app.group.goTo'),
      keys,
      to,
    })),
    { id: 'plan', label: t('app.plan'), group: t('app.group.actions'), keys: 'g n', to: paths.newPlan() },
    {
      id: 'plan this',
      label: t('app.planThis'),
      group: t('app.group.actions'),
      when: () => typeof route.params['name'] === 'string' && route.path.startsWith('/collections/'),
      get to() {
        return paths.newPlan([String(route.params['name'])])
      },
    },
  )
}
