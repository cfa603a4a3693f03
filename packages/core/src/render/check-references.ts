import type { FolderKind } from '../model/files.ts'
import type { Located, Repository } from '../model/model.ts'
import { didYouMean } from '../model/did-you-mean.ts'
import type { ProblemList } from './problem-list.ts'
import type { Renderer } from './renderer.ts'
import type { Unit, Use } from './units.ts'

const KINDS = ['object', 'array', 'simple', 'complex', 'enum', 'enum_array', 'constant', 'one_of', 'ref']
/** A chain of files is shown whole up to here; a longer one is shown by its ends. */
const MAX_SHOWN_CHAIN = 200

/** Finds whether a file that is not in the model is missing, or there but broken, and says so once per broken file. */
export class ReferenceChecker {
  readonly #brokenNames = new Set<string>()
  readonly #reported = new Set<string>()
  readonly #folders: ReadonlyMap<FolderKind, string>
  readonly #problems: ProblemList

  constructor(repository: Repository, problems: ProblemList) {
    this.#problems = problems
    for (const path of repository.broken) this.#brokenNames.add(path)
    this.#folders = foldersOf(repository)
  }

  /** Reports a file that a place names and that cannot be used. */
  report(kind: FolderKind, fileName: string, at: Located, what: string, candidates: Iterable<string>): void {
    const path = `${this.#folders.get(kind) ?? kind}/${fileName}`
    if (this.#brokenNames.has(path)) {
      if (this.#reported.has(path)) return
      this.#reported.add(path)
      this.#problems.add(at, {
        code: 'REFERENCE_BROKEN',
        severity: 'error',
        text: `${what} ${path}, which is there but cannot be read`,
        hint: `Correct the problems that are reported for ${path}.`,
      })
      return
    }
    const hint = didYouMean(fileName, candidates)
    this.#problems.add(at, {
      code: 'REFERENCE_MISSING',
      severity: 'error',
      text: `${what} ${path}, which does not exist`,
      ...(hint !== undefined && { hint }),
    })
  }

  isBroken(kind: FolderKind, fileName: string): boolean {
    return this.#brokenNames.has(`${this.#folders.get(kind) ?? kind}/${fileName}`)
  }
}

/** The folders by what they hold; a folder without a single readable file has its default name. */
export function foldersOf(repository: Repository): ReadonlyMap<FolderKind, string> {
  const { configurations, dictionaries, types, enumerators, testData, migrations } = repository
  const folders = new Map<FolderKind, string>()
  for (const group of [configurations, dictionaries, types, enumerators, testData, migrations]) {
    const [first] = group.values()
    if (first === undefined) continue
    const { folder, path, name } = first.at.file
    folders.set(folder, path.slice(0, -name.length - 1))
  }
  return folders
}

/** Missing and broken references and types, circles, and chains that are too deep: each at the place of use. */
export function checkReferences(
  repository: Repository,
  renderer: Renderer,
  used: ReadonlySet<Unit>,
  files: ReferenceChecker,
  problems: ProblemList,
): void {
  for (const unit of renderer.units.all) {
    if (!used.has(unit)) {
      checkUnusedUnit(unit, problems)
      continue
    }
    const targets = renderer.units.targets(unit)
    for (const [i, use] of unit.uses.entries()) {
      if (targets[i] === undefined) reportMissing(repository, renderer, use, files, problems)
    }
  }
  for (const { use, chain } of renderer.unitOrder.cycles) {
    const isUsed = chain.some((unit) => used.has(unit))
    const names = chain.map((unit) => unit.fileName)
    const shown =
      names.length <= MAX_SHOWN_CHAIN
        ? names
        : [...names.slice(0, MAX_SHOWN_CHAIN / 2), '…', ...names.slice(-MAX_SHOWN_CHAIN / 2)]
    problems.add(use.at, {
      code: 'REFERENCE_CYCLE',
      severity: isUsed ? 'error' : 'warning',
      text: `property "${use.name}" closes a circle: ${shown.join(' -> ')}`,
      hint: 'Everything is rendered in place, so a circle would never end: remove one of these references.',
    })
  }
  for (const use of renderer.unitOrder.tooDeep) {
    problems.add(use.at, {
      code: 'REFERENCE_TOO_DEEP',
      severity: 'error',
      text: `property "${use.name}": from here on more files are nested in each other than RENDER_STACK_MAX_DEPTH allows`,
      hint: 'Shorten the chain of references and types, or raise RENDER_STACK_MAX_DEPTH.',
    })
  }
}

function reportMissing(
  repository: Repository,
  renderer: Renderer,
  use: Use,
  files: ReferenceChecker,
  problems: ProblemList,
): void {
  const what = `property "${use.name}" refers to`
  if (use.kind === 'ref') {
    files.report(
      'dictionaries',
      renderer.units.dictionaryFileName(use.ref),
      use.at,
      what,
      repository.dictionaries.keys(),
    )
    return
  }
  for (const extension of ['yaml', 'yml', 'json']) {
    if (files.isBroken('types', `${use.type}.${extension}`)) {
      return files.report('types', `${use.type}.${extension}`, use.at, what, [])
    }
  }
  const hint = didYouMean(use.type, [...KINDS, ...repository.types.keys()])
  problems.add(use.at, {
    code: 'TYPE_UNKNOWN',
    severity: 'error',
    ...(use.type === 'void'
      ? {
          text: `property "${use.name}" has no type`,
          hint: `Add \`type\`: one of ${KINDS.join(', ')}, or a custom type.`,
        }
      : {
          text: `property "${use.name}" has type "${use.type}", which is neither a kind nor a file ${use.type}.yaml in the types folder`,
          ...(hint !== undefined && { hint }),
        }),
  })
}

function checkUnusedUnit(unit: Unit, problems: ProblemList): void {
  problems.add(unit.at, {
    code: 'FILE_UNUSED',
    severity: 'notice',
    text: `nothing uses ${unit.path}`,
    hint: 'Delete the file if it is a left-over.',
  })
}
