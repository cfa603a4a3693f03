import {
  mdiAlertCircleOutline,
  mdiBookshelf,
  mdiCogOutline,
  mdiDatabaseOutline,
  mdiFileTreeOutline,
  mdiFlaskOutline,
  mdiFormatListBulletedType,
  mdiPlayCircleOutline,
  mdiShapeOutline,
  mdiSwapHorizontal,
  mdiViewDashboardOutline,
} from '@mdi/js'
import type { NavItem } from '@stage0/vue-kit'

/** A page of the navigation: also a command, with the keys that go there. */
export interface Destination {
  readonly id: string
  readonly to: string
  readonly icon: string
  readonly keys: string
  readonly isInLibrary?: boolean
}

/** Pages in the order of the navigation; those of the library stand together. */
export const DESTINATIONS: readonly Destination[] = [
  { id: 'overview', to: '/', icon: mdiViewDashboardOutline, keys: 'g o' },
  { id: 'collections', to: '/collections', icon: mdiDatabaseOutline, keys: 'g c' },
  { id: 'types', to: '/types', icon: mdiShapeOutline, keys: 'g t', isInLibrary: true },
  { id: 'schemas', to: '/schemas', icon: mdiFileTreeOutline, keys: 'g h', isInLibrary: true },
  { id: 'enumerators', to: '/enumerators', icon: mdiFormatListBulletedType, keys: 'g e', isInLibrary: true },
  { id: 'migrations', to: '/migrations', icon: mdiSwapHorizontal, keys: 'g m', isInLibrary: true },
  { id: 'testData', to: '/test-data', icon: mdiFlaskOutline, keys: 'g d', isInLibrary: true },
  { id: 'problems', to: '/problems', icon: mdiAlertCircleOutline, keys: 'g p' },
  { id: 'runs', to: '/runs', icon: mdiPlayCircleOutline, keys: 'g r' },
  { id: 'settings', to: '/settings', icon: mdiCogOutline, keys: 'g s' },
]
const LIBRARY_ICON = mdiBookshelf

/** What the navigation tells besides its pages. */
export interface NavState {
  /** Errors and warnings; undefined until they are known. */
  readonly problems: number | undefined
  readonly isRunning: boolean
}

/** The navigation; the pages of the library stand below it. */
export function navItems(label: (id: string) => string, { problems, isRunning }: NavState): readonly NavItem[] {
  const item = ({ id, to, icon }: Destination): NavItem => ({
    to,
    icon,
    label: label(id),
    ...(id === 'problems' && problems !== undefined && problems > 0 ? { count: problems } : {}),
    ...(id === 'runs' && isRunning ? { live: true } : {}),
  })
  const children = DESTINATIONS.filter(({ isInLibrary }) => isInLibrary === true).map(item)
  const library: NavItem = { to: '/library', icon: LIBRARY_ICON, label: label('library'), children }
  return DESTINATIONS.flatMap((of, index) => {
    if (of.isInLibrary !== true) return [item(of)]
    return DESTINATIONS[index - 1]?.isInLibrary === true ? [] : [library]
  })
}
