export { makerIn, markOf, mayBeAtWork, type Maker } from './files/maker.ts'
export { fail, ok, type MergeCode, type Place, type Problem, type Result } from './problem.ts'
export { DateValue, Mapping, TimeValue, Tuple, type Key, type Value } from './value.ts'
