/** Users of the sample's first version, for tests that need more of them, or such that later rules refuse. */
const FAMILIES = ['Okonkwo', 'Lindqvist', 'Quispe', 'Moreau', 'Tanaka', 'Haddad', 'Novak', 'Silva', 'Berg', 'Adeyemi']

/** `count` people; every tenth is archived, every eighth has no address, and every family has several members. */
const people = (count: number): readonly object[] =>
  Array.from({ length: count }, (_, at) => ({
    _id: { $oid: (0x660000000000 + at).toString(16).padStart(24, '0') },
    first_name: `Person ${String(at + 1)}`,
    last_name: FAMILIES[at % FAMILIES.length],
    ...(at % 8 === 7 ? {} : { email: `person.${String(at + 1)}@harbour-choir.example` }),
    organization_id: { $oid: '650000000000000000000001' },
    status: at % 10 === 9 ? 'archived' : 'active',
    created: { by: 'setup', at: { $date: '2026-01-05T08:05:00Z' } },
  }))

export const PEOPLE = 80

/** Many people as the test data of the first version. */
export const WITH_PEOPLE = { 'test_data/user.1.0.0.1.json': JSON.stringify(people(PEOPLE)) }

/** A version that asks for an address, and for families of one: the stored documents speak against both. */
export const STRICT_VERSION = {
  'dictionaries/user.1.0.1.yaml': `root:
  description: A person who signs in
  type: object
  properties:
    - { name: _id, description: Identity, type: identifier, required: true }
    - { name: first_name, description: Given name, type: sentence, required: true }
    - { name: last_name, description: Family name, type: sentence, required: true }
    - { name: email, description: For sign-in and messages, type: email, required: true }
    - { name: organization_id, description: The organization, type: identifier, required: true }
    - { name: status, description: Whether the person may sign in, type: enum, enums: user_status, required: true }
    - { name: created, description: Who made the entry and when, type: trace, required: true }
`,
}

/** The file of the users, with the strict version after the first one. */
export const withStrictVersion = (configuration: string): string =>
  `${configuration.slice(0, configuration.indexOf('  - version: 1.1.0.2'))}  - version: 1.0.1.1
    add_indexes:
      - name: familyIndex
        key: { last_name: 1 }
        options: { unique: true }
`

/** The migration of the sample, but for archived people it makes up a role that there is not. */
export const LEAVING_ARCHIVED = {
  'migrations/user_display_name.json': JSON.stringify([
    {
      $addFields: {
        display_name: { $concat: ['$first_name', ' ', '$last_name'] },
        role: { $cond: [{ $eq: ['$status', 'archived'] }, 'stranger', 'member'] },
      },
    },
    { $unset: ['first_name', 'last_name'] },
    { $out: 'user' },
  ]),
}
