import { DateValue, Mapping, TimeValue, Tuple } from '../../value.ts'
import { momentOf } from '../../values/moments.ts'
import { isList, Undefined, type Held } from '../held.ts'
import { Loop } from '../loop.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/))

/**
 * What values of the first implementation have as members of their own, by kind: names that stand before a key of a mapping.
 * A fact about Python 3.11 (`dir` of each type) and about the object that Jinja2 gives for `loop`.
 */
const TEXT =
  words(`capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha
  isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans
  partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip
  swapcase title translate upper zfill`)
const MAPPING = words('clear copy fromkeys get items keys pop popitem setdefault update values')
const LIST = words('append clear copy count extend index insert pop remove reverse sort')
const TUPLE = words('count index')
const WHOLE = words(
  'as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag numerator real to_bytes',
)
const FLOAT = words('as_integer_ratio conjugate fromhex hex imag is_integer real')
const DAY =
  words(`ctime day fromisocalendar fromisoformat fromordinal fromtimestamp isocalendar isoformat isoweekday max min
  month replace resolution strftime timetuple today toordinal weekday year`)
const MOMENT =
  words(`astimezone combine ctime date day dst fold fromisocalendar fromisoformat fromordinal fromtimestamp hour
  isocalendar isoformat isoweekday max microsecond min minute month now replace resolution second strftime strptime time timestamp
  timetuple timetz today toordinal tzinfo tzname utcfromtimestamp utcnow utcoffset utctimetuple weekday year`)
const LOOP = words('cycle changed')
const NONE: ReadonlySet<string> = new Set()
const EVERY =
  words(`__class__ __delattr__ __dir__ __doc__ __eq__ __format__ __ge__ __getattribute__ __getstate__ __gt__ __hash__
  __init__ __init_subclass__ __le__ __lt__ __ne__ __new__ __reduce__ __reduce_ex__ __repr__ __setattr__ __sizeof__ __str__
  __subclasshook__ __abs__ __add__ __and__ __bool__ __ceil__ __class_getitem__ __contains__ __delitem__ __divmod__ __float__
  __floor__ __floordiv__ __getformat__ __getitem__ __getnewargs__ __iadd__ __imul__ __index__ __int__ __invert__ __ior__ __iter__
  __len__ __lshift__ __mod__ __mul__ __neg__ __or__ __pos__ __pow__ __radd__ __rand__ __rdivmod__ __reversed__ __rfloordiv__
  __rlshift__ __rmod__ __rmul__ __ror__ __round__ __rpow__ __rrshift__ __rshift__ __rsub__ __rtruediv__ __rxor__ __setitem__
  __sub__ __truediv__ __trunc__ __xor__`)

/** Whether the first implementation gives something of its own there, whatever keys a mapping has. */
export const isMemberOfFirstImplementation = (held: Held, name: string): boolean =>
  membersByKind(held).has(name) || EVERY.has(name)

function membersByKind(held: Held): ReadonlySet<string> {
  if (typeof held === 'string') return TEXT
  if (typeof held === 'bigint' || typeof held === 'boolean') return WHOLE
  if (typeof held === 'number') return FLOAT
  if (held instanceof Mapping) return MAPPING
  if (held instanceof Tuple) return TUPLE
  if (held instanceof DateValue) return DAY
  if (held instanceof TimeValue) return MOMENT
  if (held instanceof Loop) return LOOP
  return held !== null && !(held instanceof Undefined) && isList(held) ? LIST : NONE
}

const OF_DAY = ['year', 'month', 'day'] as const
const OF_MOMENT = [...OF_DAY, 'hour', 'minute', 'second', 'microsecond'] as const

/** The parts of days and moments that are plain numbers. */
export function momentMember(held: DateValue | TimeValue, name: string): bigint | undefined {
  const names: readonly (typeof OF_MOMENT)[number][] = held instanceof DateValue ? OF_DAY : OF_MOMENT
  const part = names.find((known) => known === name)
  if (part === undefined) return undefined
  return BigInt(momentOf(held instanceof DateValue ? { text: `${held.text} 00:00:00` } : held)[part])
}
