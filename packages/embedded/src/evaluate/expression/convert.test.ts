import { describe, expect, it } from 'vitest'
import { codeOf } from '../testing/expect-error.ts'
import { evaluate, wanted } from '../testing/evaluate.ts'

describe('expressions: conversions', () => {
  it.each<[string, string]>([
    ['{"$toInt":-5.9}', '-5'],
    ['{"$toInt":true}', '1'],
    ['{"$toInt":null}', 'null'],
    ['{"$toLong":{"$date":"1970-01-01T00:00:05Z"}}', '{"$numberLong":"5000"}'],
    ['{"$toLong":"-12"}', '{"$numberLong":"-12"}'],
    ['{"$toDouble":"1e3"}', '1000.0'],
    ['{"$toDouble":{"$numberDecimal":"1.5"}}', '1.5'],
    ['{"$toDecimal":0.1}', '{"$numberDecimal":"0.100000000000000"}'],
    ['{"$toDecimal":"1.50"}', '{"$numberDecimal":"1.50"}'],
    ['{"$toString":0.1}', '"0.1"'],
    ['{"$toString":1e21}', '"1e+21"'],
    ['{"$toString":0.00001}', '"1e-05"'],
    ['{"$toString":{"$numberLong":"5"}}', '"5"'],
    ['{"$toString":true}', '"true"'],
    ['{"$toBool":"false"}', 'true'],
    ['{"$toBool":0.0}', 'false'],
    ['{"$toDate":"2020-05-05"}', '{"$date":"2020-05-05T00:00:00Z"}'],
    ['{"$toDate":"2020-05-05T12:30:00.5+02:00"}', '{"$date":"2020-05-05T10:30:00.500Z"}'],
    ['{"$toDate":{"$numberLong":"1000"}}', '{"$date":"1970-01-01T00:00:01Z"}'],
    ['{"$convert":{"input":"x","to":16,"onError":"$zz"}}', 'missing'],
    ['{"$convert":{"input":1,"to":"string"}}', '"1"'],
  ])('%s is %s', (expression, expected) => {
    expect(evaluate(expression)).toBe(wanted(expected))
  })

  it.each<[string, number]>([
    ['{"$toInt":"1.5"}', 241],
    ['{"$toInt":2147483648.0}', 241],
    ['{"$toInt":{"$numberDouble":"NaN"}}', 241],
    ['{"$toInt":{"$date":"1970-01-01T00:00:05Z"}}', 241],
    ['{"$toDate":1}', 241],
    ['{"$toDate":"yesterday"}', 241],
    ['{"$toDate":"2020-02-30"}', 241],
    ['{"$toObjectId":"xyz"}', 241],
    ['{"$toString":[[1]]}', 241],
    ['{"$convert":{"input":1,"to":"nope"}}', 2],
    ['{"$convert":{"input":1}}', 9],
  ])('refuses %s with code %i', (expression, code) => {
    expect(codeOf(() => evaluate(expression))).toBe(code)
  })
})
