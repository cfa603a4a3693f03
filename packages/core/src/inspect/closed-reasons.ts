import type { Repository } from '../model/model.ts'
import { ProblemList } from '../render/problem-list.ts'
import { ReferenceChecker } from '../render/check-references.ts'
import type { Renderer } from '../render/renderer.ts'
import type { Use } from '../render/units.ts'

/** Says of a use that has no target why nothing can be shown in its place. */
export function closedReasons(repository: Repository, renderer: Renderer): (use: Use) => string {
  const files = new ReferenceChecker(repository, new ProblemList())
  let chains: Map<Use, string> | undefined
  return (use) => {
    chains ??= new Map(
      renderer.unitOrder.cycles.map((cycle) => [cycle.use, cycle.chain.map((unit) => unit.fileName).join(' -> ')]),
    )
    const chain = chains.get(use)
    if (chain !== undefined) return `not shown in place: it closes a circle, ${chain}`
    if (renderer.unitOrder.cut.has(use))
      return 'not shown in place: files are nested deeper than RENDER_STACK_MAX_DEPTH'
    if (use.kind === 'ref') {
      const fileName = renderer.units.dictionaryFileName(use.ref)
      return files.isBroken('dictionaries', fileName)
        ? `the dictionary ${fileName} is there but cannot be read`
        : `there is no dictionary ${fileName}`
    }
    if (use.type === 'void') return 'it has no type'
    const broken = ['yaml', 'yml', 'json']
      .map((end) => `${use.type}.${end}`)
      .find((name) => files.isBroken('types', name))
    return broken === undefined ? `there is no type ${use.type}` : `the type ${broken} is there but cannot be read`
  }
}
