import { compareStrings } from '@stage0/bson-schema'
import type { Enumeration } from '@stage0/types'
import type { Repository } from '../model/model.ts'
import { firstOfEach } from './expand.ts'
import { countUsages } from './usages.ts'

/** Every enumeration by name, with its values in each enumerators version that has it, oldest first. */
export function enumerations(repository: Repository): Enumeration[] {
  const byName = new Map<string, Enumeration['versions']>()
  const files = [...repository.enumerators.values()].sort((a, b) => a.version - b.version)
  for (const { version, locked, enumerators, at } of files) {
    for (const { name, values } of firstOfEach(enumerators, (one) => one.name)) {
      const one = { version, file: at.file.path, locked, values: [...firstOfEach(values, (each) => each.value)] }
      const known = byName.get(name)
      if (known === undefined) byName.set(name, [one])
      else known.push(one)
    }
  }
  return [...byName]
    .sort(([a], [b]) => compareStrings(a, b))
    .map(([name, versions]) => ({ name, versions, used_by: countUsages(repository, 'enumerator', name) }))
}
