import { ACCUMULATORS } from './accumulate/accumulators.ts'
import { EXPRESSION_OPERATORS } from './expression/operators.ts'
import { FIELD_OPERATORS, REFUSED_FIELD_OPERATORS } from './filter/field-operators.ts'
import { REFUSED_TOP_LEVEL, TOP_LEVEL_OPERATORS } from './filter/top-level.ts'
import { OUTPUT_STAGES, REFUSED_STAGES, STAGES } from './stages/table.ts'
import { WINDOW_FUNCTIONS } from './stages/window.ts'
import { UPDATE_OPERATORS } from './update/operators.ts'

const sorted = (...names: readonly Iterable<string>[]): readonly string[] =>
  [...new Set(names.flatMap((each) => [...each]))].sort()

/** What the evaluator supports, by kind, read from the tables that dispatch; the support page is generated from it. */
export const OPERATORS = {
  filters: sorted(TOP_LEVEL_OPERATORS.keys(), FIELD_OPERATORS.keys()),
  findProjection: ['$', '$elemMatch', '$slice'],
  updates: sorted(UPDATE_OPERATORS.keys()),
  expressions: sorted(EXPRESSION_OPERATORS.keys()),
  accumulators: sorted(ACCUMULATORS.keys()),
  windowFunctions: sorted(WINDOW_FUNCTIONS),
  stages: sorted(STAGES.keys(), OUTPUT_STAGES.keys()),
} as const

/** What a real server has and the evaluator refuses by name; all other unknown names are refused as well. */
export const REFUSED = {
  filters: sorted(REFUSED_TOP_LEVEL, REFUSED_FIELD_OPERATORS),
  stages: sorted(REFUSED_STAGES.keys()),
} as const

/** Parts of supported operators that are refused, each with the reason and the code. */
export const REFUSED_OPTIONS: readonly {
  readonly operator: string
  readonly part: string
  readonly code: number
  readonly reason: string
}[] = [
  {
    operator: '$pow',
    part: 'decimal with a fractional exponent',
    code: 115,
    reason: 'no decimal arithmetic of that kind',
  },
  {
    operator: '$sqrt, $exp, $ln, $log, $log10 and trigonometry',
    part: 'decimal operands',
    code: 115,
    reason: 'a double would lose digits in silence',
  },
  { operator: '$setWindowFields', part: 'range windows', code: 115, reason: 'left out of part 1' },
  { operator: '$bucketAuto', part: 'granularity', code: 115, reason: 'left out of part 1' },
  { operator: '$sort, find projection', part: '$meta', code: 115, reason: 'there is no text search' },
  { operator: '$out', part: 'timeseries', code: 115, reason: 'there are no time series collections' },
]
