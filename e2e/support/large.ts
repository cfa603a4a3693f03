import type { Changes } from './stage0.ts'

const PER_GROUP = 25

/** A collection whose schema has `count` properties, in groups. */
export function largeCollection(name: string, count: number): Changes {
  const property = (at: number) =>
    `        - { name: field_${String(at)}, description: Field number ${String(at)}, type: sentence }\n`
  const groups = Array.from({ length: Math.ceil(count / PER_GROUP) }, (_none, group) => {
    // A group is a property itself.
    const fields = Math.min(PER_GROUP, count - group * PER_GROUP) - 1
    const members = Array.from({ length: fields }, (_field, at) => property(group * PER_GROUP + at))
    const head = `    - name: group_${String(group)}\n      description: Group number ${String(group)}\n      type: object\n`
    return `${head}      properties:\n${members.join('')}`
  })
  return {
    [`configurations/${name}.yaml`]: `title: ${name}\ndescription: A schema of ${String(count)} properties\nversions:\n  - version: 1.0.0.1\n`,
    [`dictionaries/${name}.1.0.0.yaml`]: `root:\n  description: Wide\n  type: object\n  properties:\n    - { name: _id, description: Identity, type: identifier, required: true }\n${groups.join('')}`,
  }
}
