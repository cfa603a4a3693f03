import fc from 'fast-check'
import { NAMES } from './random-names.ts'

/** One of the parts, which stand in lines or between ` ; `. */
const one = (parts: string): fc.Arbitrary<string> =>
  fc.constantFrom(
    ...parts
      .split(/\n| ; /)
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
const joined = (...parts: readonly (fc.Arbitrary<string> | string)[]): fc.Arbitrary<string> =>
  fc.tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part))).map((all) => all.join(''))
const weighted = (
  ...choices: readonly (readonly [weight: number, arbitrary: fc.Arbitrary<string>])[]
): fc.Arbitrary<string> =>
  fc.oneof({ maxDepth: 4, depthSize: 'small' }, ...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })))

const NAME = fc.constantFrom(...Object.keys(NAMES), 'gone', 'lost', 'x', 'y', 'k')
const NUMBER = one(
  '0 ; 1 ; 2 ; 7 ; 10 ; 1.0 ; 0.5 ; 2.5e3 ; 1_000 ; 0x1f ; 99999999999999999999 ; three ; zero ; half ; whole ; large',
)
const TEXT = one(String.raw`
  '' ; 'a' ; 'name' ; "x y" ; 'A-b' ; 'it\'s' ; '\n' ; 'a' 'b' ; '{{' ; '%}' ; 'é' ; '1' ; 'a.b' ; '\u00df\t\x41' ; "aXbX"
  word ; text ; spaced ; empty ; map.b ; words[1] ; 'ΑΣ' ; 'ǆ 😀'`)
const LIST =
  one(`list ; words ; mixed ; nulls ; hollow ; pairs ; rows ; map ; map.c.a ; gone ; map | items | list ; map | dictsort
  [1, 2, 3] ; ('a', 'b') ; [gone, 1] ; rows | map(attribute='name') | list ; word ; {'b': 1, 'A': none} | list`)
const LOOP =
  one(`loop.index ; loop.index0 ; loop.revindex ; loop.revindex0 ; loop.first ; loop.last ; loop.length ; loop.previtem
  loop.nextitem ; loop.depth ; loop.depth0 ; loop.none ; loop['index'] ; loop`)
const MEMBER =
  one(`.a ; .name ; .c.a ; ['a'] ; ['b'] ; [0] ; [-1] ; .0 ; [7] ; .n ; .n.a ; .sub.n ; .year ; .hour ; [1] ; [true] ; ['n']
  [1.0] ; [none] ; .nil ; ['x' ~ 'y']`)
const FROM_TEXT =
  one(`lower ; upper ; title ; capitalize ; trim ; trim('a') ; trim(chars=' b') ; string ; length ; count ; first ; last
  replace('a', 'bb') ; replace('', '-') ; replace('b', '', 1) ; replace('e', gone) ; replace(' ', '_', 0) ; replace('', '.', 2)
  reverse ; list ; default('d') ; d ; default('d', true) ; join ; join(', ') ; map('upper') | list ; unique | list ; sort | join
  select('in', 'abc') | list ; min ; max ; reject('lower') | join ; int ; int(7) ; float ; float(none) ; wordcount`)
const FROM_NUMBER = one(
  `abs ; int ; float ; round ; round(1) ; round(-1) ; round(2, 'ceil') ; round(method='floor') ; string | int`,
)
const FROM_LIST =
  one(`list ; length ; first ; last ; reverse | list ; join ; join(', ') ; join('-', 'name') ; join(attribute='n')
  join(d=1) ; unique | list ; unique(true) | list ; unique(attribute='n') | map(attribute='name') | list ; sort ; sort(true)
  sort(case_sensitive=true) ; sort(attribute='name') ; sort(attribute='n,name') | map(attribute='name') | list ; sum ; sum('n')
  sort(attribute='sub.n') ; sort(reverse=true, attribute='n') | first ; sum(start=2) ; min ; max ; min(attribute='n') ; max(true, 'name')
  map('upper') | list ; map('string') | sort | join(',') ; map('join', '+') | list ; map(attribute='name') | list ; map('default', 'q') | list
  map(attribute='sub.n', default='-') | list ; map(attribute='0') | join ; map(attribute=1) | list ; selectattr('on') | list
  selectattr('on') | map(attribute='name') | join ; selectattr('n', 'equalto', 2) | list | length ; selectattr('nil', 'none') | list
  selectattr('name', 'in', ['x', 'a']) | map(attribute='name') | list ; rejectattr('on', 'defined') | list ; selectattr('sub.n', 'defined') | list
  rejectattr('n', 'gt', 1) | list ; select | list ; reject | list ; select('string') | list ; reject('none') | list ; select('number') | sum
  select('divisibleby', 2) | first ; first | default('none') ; string ; upper ; default([1]) ; select('defined') | list ; select('==', 1) | list
  selectattr('n') ; map('upper') ; items ; items | list ; dictsort ; dictsort(by='value') ; dictsort(true) ; dictsort(reverse=true) ; reverse`)
const TEST =
  one(`defined ; undefined ; none ; true ; false ; boolean ; number ; integer ; float ; string ; mapping ; sequence ; iterable
  lower ; upper ; eq 'a' ; equalto(1) ; ne 1 ; in [1, 2] ; in map ; in list ; in words`)
const NARROW_TEST = one(
  `even ; odd ; divisibleby 2 ; divisibleby(0) ; lt 2 ; le(2) ; gt 1 ; ge 2.5 ; in 'abc' ; lessthan 2 ; greaterthan 1`,
)
const OPERATOR = one(' + ; - ; * ; / ; // ; % ; ~ ; == ; != ; < ; <= ; > ; >= ; in ; not in ; and ; or ; **').map(
  (text) => ` ${text} `,
)

interface Kinds {
  readonly any: string
  readonly text: string
  readonly number: string
  readonly list: string
  readonly truth: string
  readonly wild: string
}

const kinds = fc.letrec<Kinds>((tieTo) => {
  const tie = (kind: keyof Kinds): fc.Arbitrary<string> => tieTo(kind) as fc.Arbitrary<string>
  const inside = (kind: keyof Kinds): fc.Arbitrary<string> => joined('(', tie(kind), ')')
  return {
    text: weighted(
      [8, TEXT],
      [5, joined(inside('text'), ' | ', FROM_TEXT)],
      [3, joined(inside('any'), ' ~ ', inside('any'))],
      [1, joined(inside('text'), ' + ', inside('text'))],
      [1, joined(inside('text'), one('[0] ; [-1] ; .0 ; [9]'))],
      [1, joined(TEXT, ' * ', one('0 ; 3 ; -1 ; true'))],
      [2, joined(inside('text'), ' if ', inside('truth'), ' else ', inside('any'))],
    ),
    number: weighted(
      [8, NUMBER],
      [
        5,
        joined(
          tie('number'),
          one('+ ; - ; * ; // ; % ; /').map((text) => ` ${text} `),
          tie('number'),
        ),
      ],
      [1, joined(inside('number'), ' ** ', one('0 ; 1 ; 2 ; 5'))],
      [2, joined('-', tie('number'))],
      [1, joined(inside('list'), ' | length')],
      [2, joined(inside('number'), ' | ', FROM_NUMBER)],
    ),
    list: weighted(
      [8, LIST],
      [5, joined(inside('list'), ' | ', FROM_LIST)],
      [1, joined('[', tie('any'), ', ', tie('any'), ']')],
      [1, joined('(', tie('any'), ', ', tie('any'), ')')],
      [1, joined("{'k': ", tie('any'), ', ', tie('number'), ': ', tie('any'), '}')],
      [1, joined('[', tie('any'), '] + [', tie('any'), ',]')],
    ),
    truth: weighted(
      [
        3,
        joined(
          tie('number'),
          one('< ; <= ; > ; >= ; == ; !=').map((text) => ` ${text} `),
          tie('number'),
        ),
      ],
      [
        2,
        joined(
          inside('text'),
          one('< ; == ; in ; not in ; >=').map((text) => ` ${text} `),
          inside('text'),
        ),
      ],
      [
        2,
        joined(
          inside('any'),
          one('in ; not in').map((text) => ` ${text} `),
          LIST,
        ),
      ],
      [
        4,
        joined(
          inside('any'),
          one('is ; is not').map((text) => ` ${text} `),
          TEST,
        ),
      ],
      [1, joined(tie('number'), ' < ', tie('number'), ' <= ', tie('number'))],
      [2, joined('not ', inside('any'))],
      [
        2,
        joined(
          inside('any'),
          one('and ; or').map((text) => ` ${text} `),
          inside('any'),
        ),
      ],
    ),
    any: weighted(
      [3, NAME],
      [1, LOOP],
      [2, one('true ; False ; none ; None ; True')],
      [5, tie('text')],
      [4, tie('number')],
      [5, tie('list')],
      [3, tie('truth')],
      [3, joined(NAME, MEMBER)],
      [2, joined('rows', one('[0] ; [1] ; .2 ; [-1]'), MEMBER)],
      [1, tie('wild')],
    ),
    wild: weighted(
      [2, NAME],
      [2, joined(inside('any'), OPERATOR, inside('any'))],
      [1, joined(tie('any'), OPERATOR, tie('any'))],
      [2, joined(inside('any'), ' | ', FROM_TEXT)],
      [1, joined(inside('any'), ' | ', FROM_NUMBER)],
      [2, joined(inside('any'), ' | ', FROM_LIST)],
      [1, joined(inside('any'), ' is ', NARROW_TEST)],
      [1, joined(tie('any'), ' if ', tie('any'))],
      [1, joined(fc.constantFrom('-', '+', 'not ', '- ', 'not not '), tie('any'))],
      [1, joined(inside('any'), MEMBER)],
    ),
  }
})

/** Expressions of the subset; some of them have no value. */
export const randomExpression: fc.Arbitrary<string> = kinds.any
