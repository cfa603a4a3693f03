/** What a privilege is about: everything, the whole server, or namespaces; an empty name stands for all. */
export type Resource =
  { readonly anyResource: true } | { readonly cluster: true } | { readonly db: string; readonly collection: string }

export interface Privilege {
  readonly resource: Resource
  readonly actions: readonly string[]
}

/** A needed privilege on one namespace. */
export const on = (db: string, collection: string, ...actions: string[]): Privilege => ({
  resource: { db, collection },
  actions,
})

/** A needed privilege on the server as a whole. */
export const onServer = (...actions: string[]): Privilege => ({ resource: { cluster: true }, actions })

function covers(granted: Resource, needed: Resource): boolean {
  if ('anyResource' in granted) return true
  if ('cluster' in granted) return 'cluster' in needed
  if (!('db' in needed)) return false
  if (granted.db !== '' && granted.db !== needed.db) return false
  // A privilege on all collections does not reach the server's own ones.
  return (
    granted.collection === needed.collection || (granted.collection === '' && !needed.collection.startsWith('system.'))
  )
}

/** Whether every action of `needed` is granted. */
export const isGranted = (granted: readonly Privilege[], needed: Privilege): boolean =>
  needed.actions.every((action) =>
    granted.some(
      (privilege) =>
        (privilege.actions.includes(action) || privilege.actions.includes('anyAction')) &&
        covers(privilege.resource, needed.resource),
    ),
  )
