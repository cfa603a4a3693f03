import type { Doc } from '@stage0/bson-schema'
import { didYouMean } from '../model/did-you-mean.ts'
import type { AllowedRisk, ConfigurationVersion } from '../model/model.ts'
import { RISK_CAUSES, RISK_CODES, type RiskCause, type RiskCauseEntry } from '../plan/risk-catalogue.ts'
import { covers } from '../plan/risks.ts'
import type { ProblemList } from './problem-list.ts'
import { schemaPaths } from './schema-paths.ts'

type Schemas = readonly (Doc | undefined)[]

/**
 * Checks what a version accepts: a code that there is not leaves the risk open that was meant, which is an error; what can match no
 * risk of the version is a warning, since databases that share the repository may differ from it in ways that it does not tell.
 *
 * @param schemas The rendered schemas of the versions up to this one; `undefined` where one could not be rendered.
 */
export function checkAllow(version: ConfigurationVersion, schemas: Schemas, problems: ProblemList): void {
  for (const allowed of version.allow) {
    const { code, path, codeAt, pathAt } = allowed
    if (!Object.hasOwn(RISK_CODES, code)) {
      const codes = Object.keys(RISK_CODES)
      const hint = didYouMean(code, codes) ?? `The codes are ${codes.join(', ')}.`
      problems.add(codeAt, {
        code: 'RISK_CODE_UNKNOWN',
        severity: 'error',
        text: `no risk has the code "${code}"`,
        hint,
      })
      continue
    }
    const places = placesOf(allowed, version, schemas)
    if (places === undefined) continue
    const isAbsent = places.every(({ names }) => names.length === 0)
    if (path === undefined && !isAbsent) continue
    if (path !== undefined && places.some(({ cause, names }) => names.some((one) => covers(path, one, isFile(cause)))))
      continue
    const names = [...new Set(places.flatMap((one) => one.names))]
    const text = isAbsent
      ? `nothing in version ${version.written} can bring the risk ${code}, which it accepts`
      : `the acceptance of ${code} names the path "${path ?? ''}", which is no ${placeInWords(places)} of version ${version.written}`
    problems.add(path === undefined || isAbsent ? codeAt : pathAt, {
      code: 'ALLOW_WITHOUT_EFFECT',
      severity: 'warning',
      text,
      hint: isAbsent ? whenTold(code) : (didYouMean(path ?? '', names) ?? namesInWords(names)),
    })
  }
}

const whenTold = (code: string): string =>
  `When it is told: ${causesOf(code)
    .map(([, cause]) => cause.when)
    .join(' ')}`

const MAX_NAMES = 5

/** `undefined` where there is none. */
function namesInWords(names: readonly string[]): string | undefined {
  const named = names.filter((one) => one !== '')
  const shown = named.slice(0, MAX_NAMES)
  if (shown.length === 0) return undefined
  return `It can name ${shown.join(', ')}${named.length > shown.length ? ' and others' : ''}.`
}

const isFile = (cause: RiskCauseEntry): boolean => cause.place === 'file'

const causesOf = (code: string): [RiskCause, RiskCauseEntry][] =>
  (Object.entries(RISK_CAUSES) as [RiskCause, RiskCauseEntry][]).filter(([, one]) => one.code === code)

interface Places {
  readonly cause: RiskCauseEntry
  /** What a risk of the cause could be about in the version. */
  readonly names: readonly string[]
}

/** What the risks of a code can be about; `undefined` where that cannot be told, or the risk is everywhere. */
function placesOf(allowed: AllowedRisk, version: ConfigurationVersion, schemas: Schemas): Places[] | undefined {
  const places: Places[] = []
  for (const [name, cause] of causesOf(allowed.code)) {
    const isAnywhere = allowed.path === undefined && (cause.place === 'property' || cause.place === 'validator')
    const names = isAnywhere ? undefined : NAMES[name](version, schemas)
    if (names === undefined) return undefined
    places.push({ cause, names })
  }
  return places
}

type Names = (version: ConfigurationVersion, schemas: Schemas) => readonly string[] | undefined

const properties: Names = (_version, schemas) =>
  schemas.includes(undefined)
    ? undefined
    : [...new Set(schemas.flatMap((schema) => (schema === undefined ? [] : schemaPaths(schema))))]
const migrations: Names = ({ migrations: all }) => all.map((one) => `migrations/${one.file}`)
const added: Names = ({ addIndexes }) => addIndexes.map((one) => one.name)
const dropped: Names = ({ dropIndexes }) => dropIndexes.map((one) => one.name)
const addedWith =
  (isMeant: (options: Doc) => boolean): Names =>
  ({ addIndexes }) =>
    addIndexes.filter(({ options }) => isMeant(options)).map((one) => one.name)

const NAMES: Readonly<Record<RiskCause, Names>> = {
  shapeChanged: properties,
  rulesTightened: properties,
  uniqueAsked: addedWith((options) => options.get('unique') === true),
  fieldsRemoved: migrations,
  collectionReplaced: migrations,
  documentsExpire: addedWith((options) => options.has('expireAfterSeconds')),
  validatorSet: () => [''],
  indexBuilt: added,
  indexChanged: added,
  droppedBeforeBuilt: dropped,
  queriesLoseIndex: dropped,
  nothingExpires: dropped,
  uniquenessLost: dropped,
  writesOverwritten: migrations,
  notRepeatable: migrations,
  testDataLoaded: ({ testData }) => (testData === undefined ? [] : [`test_data/${testData.file}`]),
}

const placeInWords = (places: readonly Places[]): string =>
  [...new Set(places.map(({ cause }) => cause.place).filter((place) => place !== 'validator'))].join(' or ')
