import { AppError, type Column } from '@stage0/vue-kit'

/** A row of the sample table. */
export interface Planet {
  readonly name: string
  readonly version: string
  readonly state: 'success' | 'warning' | 'error' | 'running'
  readonly moons: number
  readonly seen: string
}

const NAMES = ['mercury', 'venus', 'earth', 'mars', 'jupiter', 'saturn', 'uranus', 'neptune']
const STATES = ['success', 'warning', 'error', 'running'] as const

/** A table of any length; the same for the same length. */
export const planets = (count: number): Planet[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `${NAMES[index % NAMES.length]}${index < NAMES.length ? '' : `-${index}`}`,
    version: `${1 + (index % 3)}.${index % 7}.0.${index % 11}`,
    state: STATES[index % STATES.length] ?? 'success',
    moons: (index * 37) % 146,
    seen: new Date(Date.now() - index * 3_600_000 * 5).toISOString(),
  }))

export const PLANET_COLUMNS: readonly Column[] = [
  { key: 'name', label: 'Name', sortable: true, mono: true },
  { key: 'version', label: 'Version', width: '140px', sortable: true },
  { key: 'state', label: 'State', width: '140px' },
  { key: 'moons', label: 'Moons', width: '100px', sortable: true, align: 'end', mono: true },
  { key: 'seen', label: 'Seen', width: '160px', sortable: true, priority: 2 },
]

/** A row of the sample tree. */
export interface Leaf {
  readonly path: string
  readonly name: string
  readonly depth: number
  readonly kind: string
  readonly rule: string
  readonly text: string
}

/** A tree of `width` branches of ten leaves each. */
export const leaves = (width: number): Leaf[] =>
  Array.from({ length: width }, (_, branch): Leaf[] => [
    {
      path: `${branch}`,
      name: `branch_${branch}`,
      depth: 0,
      kind: 'object',
      rule: '',
      text: 'A branch and what grows on it',
    },
    ...Array.from({ length: 10 }, (_unused, index): Leaf => ({
      path: `${branch}.${index}`,
      name: `leaf_${index}`,
      depth: index > 4 ? 2 : 1,
      kind: index % 2 === 0 ? 'string' : 'int',
      rule: index % 3 === 0 ? '0 to 100' : '',
      text: 'A leaf with a description that is longer than the column in which it stands, so that it is cut',
    })),
  ]).flat()

export const LEAF_COLUMNS: readonly Column[] = [
  { key: 'name', label: 'Name', width: 'minmax(180px, 2fr)', mono: true },
  { key: 'kind', label: 'Kind', width: '80px' },
  { key: 'rule', label: 'Rule', width: '90px' },
  { key: 'text', label: 'Description', width: 'minmax(120px, 3fr)' },
]

export const BEFORE = `title: Planet
description: A body that goes around a star
name: planet
type: object
properties:
  - name: _id
    description: The identity
    type: identity
    required: true
  - name: moons
    description: How many bodies go around it
    type: count
    required: false
  - name: rings
    description: Whether it has rings
    type: boolean
    required: false
`
export const AFTER = BEFORE.replace('around a star', 'around a star and has cleared its orbit')
  .replace('type: count\n    required: false', 'type: count\n    required: true')
  .concat('  - name: radius\n    description: In kilometres\n    type: length\n')

export const JSON_TEXT = JSON.stringify(
  {
    bsonType: 'object',
    required: ['_id', 'moons'],
    properties: {
      moons: { bsonType: 'int', minimum: 0, description: 'How many' },
      rings: { bsonType: 'bool' },
      nothing: null,
    },
  },
  undefined,
  2,
)
export const longText = (lines: number): string =>
  Array.from({ length: lines }, (_, index) => `line ${index}: ${'word '.repeat(index % 9)}`).join('\n')

export const PROBLEM = new AppError({
  kind: 'problem',
  code: 'FILE_CHANGED',
  status: 412,
  title: 'The file was changed by somebody else',
  detail: 'planet.yaml is not what you read at 12:03.',
  fix: 'Compare the two, then save yours or take theirs.',
  fields: [{ pointer: '/properties/3/name', text: 'A name begins with a letter.' }],
  requestId: '7d1f0c',
})
