import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../testing/expect-error.ts'
import { evaluate, wanted } from '../testing/evaluate.ts'
import { addUnits, fromIsoWeek, isoWeek } from './calendar.ts'
import { compileFormat } from './date-format.ts'
import { parseByFormat } from './date-parse.ts'
import { fromLocal, timeZone, toLocal, UTC } from './time-zone.ts'

const date = (iso: string): string => `{"$date":"${iso}"}`

describe('expressions: dates', () => {
  it.each<[string, string]>([
    [`{"$year":${date('2020-12-31T23:30:00Z')}}`, '2020'],
    [`{"$year":{"date":${date('2020-12-31T23:30:00Z')},"timezone":"Europe/Berlin"}}`, '2021'],
    [`{"$dayOfWeek":${date('2020-05-05T00:00:00Z')}}`, '3'],
    [`{"$dayOfYear":${date('2020-12-31T00:00:00Z')}}`, '366'],
    [`{"$week":${date('2021-01-03T00:00:00Z')}}`, '1'],
    [`{"$isoWeek":${date('2021-01-03T00:00:00Z')}}`, '53'],
    [`{"$isoWeekYear":${date('2021-01-03T00:00:00Z')}}`, '{"$numberLong":"2020"}'],
    [`{"$isoDayOfWeek":${date('2021-01-03T00:00:00Z')}}`, '7'],
    ['{"$month":null}', 'null'],
    [`{"$dateToString":{"date":${date('2020-05-05T01:02:03.004Z')}}}`, '"2020-05-05T01:02:03.004Z"'],
    [
      `{"$dateToString":{"date":${date('2020-05-05T01:02:03.004Z')},"format":"%d/%m/%Y %j %b %B %% %z"}}`,
      '"05/05/2020 126 May May % +0000"',
    ],
    [
      `{"$dateToString":{"date":${date('2020-07-01T00:00:00Z')},"format":"%H %z %Z","timezone":"America/St_Johns"}}`,
      '"21 -0230 -150"',
    ],
    ['{"$dateToString":{"date":"$zz","onNull":"none"}}', '"none"'],
    [
      `{"$dateAdd":{"startDate":${date('2021-03-27T12:00:00Z')},"unit":"day","amount":1,"timezone":"Europe/Berlin"}}`,
      date('2021-03-28T11:00:00Z'),
    ],
    [
      `{"$dateSubtract":{"startDate":${date('2020-02-29T00:00:00Z')},"unit":"year","amount":1}}`,
      date('2019-02-28T00:00:00Z'),
    ],
    [
      `{"$dateAdd":{"startDate":${date('2020-11-30T00:00:00Z')},"unit":"quarter","amount":1}}`,
      date('2021-02-28T00:00:00Z'),
    ],
    [
      `{"$dateDiff":{"startDate":${date('2020-12-31T23:59:00Z')},"endDate":${date('2021-01-01T00:01:00Z')},"unit":"year"}}`,
      '{"$numberLong":"1"}',
    ],
    [
      `{"$dateDiff":{"startDate":${date('2021-01-02T00:00:00Z')},"endDate":${date('2021-01-03T00:00:00Z')},"unit":"week"}}`,
      '{"$numberLong":"1"}',
    ],
    [
      `{"$dateDiff":{"startDate":${date('2021-01-02T00:00:00Z')},"endDate":${date('2021-01-03T00:00:00Z')},"unit":"week","startOfWeek":"monday"}}`,
      '{"$numberLong":"0"}',
    ],
    [
      `{"$dateTrunc":{"date":${date('2021-05-05T10:44:00Z')},"unit":"minute","binSize":15}}`,
      date('2021-05-05T10:30:00Z'),
    ],
    [
      `{"$dateTrunc":{"date":${date('2021-05-05T10:44:00Z')},"unit":"week","startOfWeek":"mon"}}`,
      date('2021-05-03T00:00:00Z'),
    ],
    [
      `{"$dateTrunc":{"date":${date('2021-05-05T23:00:00Z')},"unit":"day","timezone":"+02:00"}}`,
      date('2021-05-05T22:00:00Z'),
    ],
    ['{"$dateFromParts":{"year":2020,"month":14,"day":0}}', date('2021-01-31T00:00:00Z')],
    ['{"$dateFromParts":{"isoWeekYear":2020,"isoWeek":53,"isoDayOfWeek":7}}', date('2021-01-03T00:00:00Z')],
    ['{"$dateFromParts":{"year":2020,"hour":12,"timezone":"America/New_York"}}', date('2020-01-01T17:00:00Z')],
    [
      `{"$dateToParts":{"date":${date('2020-05-05T01:02:03.004Z')}}}`,
      '{"year":2020,"month":5,"day":5,"hour":1,"minute":2,"second":3,"millisecond":4}',
    ],
    ['{"$dateFromString":{"dateString":"2020-05-05T10:00:00","timezone":"+02:00"}}', date('2020-05-05T08:00:00Z')],
    ['{"$dateFromString":{"dateString":"5 Feb 2021","format":"%d %b %Y"}}', date('2021-02-05T00:00:00Z')],
    ['{"$dateFromString":{"dateString":"x","onError":"bad"}}', '"bad"'],
  ])('%s is %s', (expression, expected) => {
    expect(evaluate(expression)).toBe(wanted(expected))
  })

  it.each<[string, number]>([
    ['{"$year":"2020"}', 16006],
    [`{"$hour":{"date":${date('2020-01-01T00:00:00Z')},"timezone":"Nowhere/City"}}`, 40485],
    [`{"$dateToString":{"date":${date('2020-01-01T00:00:00Z')},"format":"%q"}}`, 18536],
    ['{"$dateToString":{}}', 18628],
    [`{"$dateAdd":{"startDate":${date('2020-01-01T00:00:00Z')},"unit":"eon","amount":1}}`, 9],
    [`{"$dateAdd":{"startDate":${date('2020-01-01T00:00:00Z')},"unit":"day","amount":1.5}}`, 5166405],
    ['{"$dateFromParts":{"month":1}}', 40516],
    ['{"$dateFromString":{"dateString":"2020-13-01"}}', 241],
    ['{"$dateFromString":{"dateString":"x","format":"%Y"}}', 241],
  ])('refuses %s with code %i', (expression, code) => {
    expect(codeOf(() => evaluate(expression))).toBe(code)
  })

  const instant = fc.integer({ min: Date.UTC(1950, 0, 1), max: Date.UTC(2090, 0, 1) })

  it('writes dates that it reads again', () => {
    const format = '%Y-%m-%d %H:%M:%S.%L %z'
    fc.assert(
      fc.property(instant, fc.constantFrom('UTC', '+05:30', '-03:00'), (millis, zone) => {
        expect(parseByFormat(compileFormat(format)(millis, timeZone(zone)), format, undefined).getTime()).toBe(millis)
      }),
    )
  })

  it('goes to local time and back, but for the hour that comes twice', () => {
    fc.assert(
      fc.property(instant, (millis) => {
        const zone = timeZone('Europe/Berlin')
        const local = toLocal(millis, zone)
        expect(toLocal(fromLocal(local, zone), zone)).toBe(local)
      }),
    )
  })

  it('gives each day one ISO week date', () => {
    fc.assert(
      fc.property(instant, (millis) => {
        const { year, week, weekday } = isoWeek(millis)
        expect(fromIsoWeek(year, week, weekday)).toBe(Math.floor(millis / 86_400_000) * 86_400_000)
      }),
    )
  })

  it('adds months without leaving the month', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: -50, max: 50 }), (millis, months) => {
        const [from, to] = [new Date(millis), new Date(addUnits(millis, 'month', months, UTC))]
        const distance = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth()
        expect(distance).toBe(months)
      }),
    )
  })
})
