import type { Role } from '@stage0/core'

const AFTER = `
for (const { createRole, privileges, roles } of wanted) {
  if (db.getRole(createRole) === null) db.createRole({ role: createRole, privileges, roles })
  else db.updateRole(createRole, { privileges, roles })
}
`

/**
 * The roles as a script for mongosh, which makes them in the database that they are about, or changes those that are there. It may
 * be run again after each change of the repository.
 */
export function renderRoles(roles: readonly Role[]): string {
  const database = roles[0]?.privileges[0]?.resource.db ?? ''
  const lines = [
    '// For mongosh, as a user who may create roles on the database. It may be run again: roles that exist are changed.',
    '// A user gets one by { role: "stage0-deployer", db: <the database> }.',
    `db = db.getSiblingDB(${JSON.stringify(database)})`,
    'const wanted = [',
    ...roles.flatMap(({ createRole, privileges }) => [
      '  {',
      `    createRole: ${JSON.stringify(createRole)},`,
      '    privileges: [',
      ...privileges.map((privilege) => `      ${JSON.stringify(privilege)},`),
      '    ],',
      '    roles: [],',
      '  },',
    ]),
    ']',
  ]
  return `${lines.join('\n')}${AFTER}`
}
