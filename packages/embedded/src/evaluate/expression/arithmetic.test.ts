import { describe, expect, it } from 'vitest'
import { codeOf } from '../testing/expect-error.ts'
import { evaluate, wanted } from '../testing/evaluate.ts'

describe('expressions: numbers', () => {
  it.each<[string, string]>([
    ['{"$add":[2147483647,1]}', '{"$numberLong":"2147483648"}'],
    ['{"$add":[{"$numberLong":"9223372036854775807"},1]}', '9223372036854775807.0'],
    ['{"$add":[{"$date":"2020-01-01T00:00:00Z"},1000]}', '{"$date":"2020-01-01T00:00:01Z"}'],
    ['{"$add":[1,null]}', 'null'],
    ['{"$add":[]}', '0'],
    ['{"$subtract":[{"$date":"2020-01-01T00:00:01Z"},1000]}', '{"$date":"2020-01-01T00:00:00Z"}'],
    ['{"$subtract":[1,{"$numberDecimal":"0.5"}]}', '{"$numberDecimal":"0.5"}'],
    ['{"$multiply":[3,{"$numberLong":"2"}]}', '{"$numberLong":"6"}'],
    ['{"$divide":[7,2]}', '3.5'],
    ['{"$mod":[-7,3]}', '-1'],
    ['{"$mod":[7.5,2]}', '1.5'],
    ['{"$abs":-2147483648}', '{"$numberLong":"2147483648"}'],
    ['{"$floor":-1.5}', '-2.0'],
    ['{"$ceil":{"$numberLong":"3"}}', '{"$numberLong":"3"}'],
    ['{"$round":[3.5]}', '4.0'],
    ['{"$round":[1.25,1]}', '1.2'],
    ['{"$round":[1255,-1]}', '1260'],
    ['{"$round":[1265,-1]}', '1260'],
    ['{"$trunc":[-1299,-2]}', '-1200'],
    ['{"$trunc":{"$numberDecimal":"1.99"}}', '{"$numberDecimal":"1"}'],
    ['{"$pow":[2,31]}', '{"$numberLong":"2147483648"}'],
    ['{"$pow":[2,-1]}', '0.5'],
    ['{"$pow":[-1,63]}', '-1'],
    ['{"$pow":[1,-5]}', '1'],
    ['{"$pow":[2,64]}', '18446744073709551616.0'],
    ['{"$pow":[{"$numberDecimal":"1.1"},2]}', '{"$numberDecimal":"1.21"}'],
    ['{"$log10":1000}', '3.0'],
    ['{"$log":[8,2]}', '3.0'],
    ['{"$exp":0}', '1.0'],
    ['{"$sum":[1,"x",2.5,null]}', '3.5'],
    ['{"$sum":[0.1,0.2,0.3]}', '0.6'],
    ['{"$sum":[{"$numberDecimal":"0.1"},{"$numberLong":"2"}]}', '{"$numberDecimal":"2.1"}'],
    ['{"$avg":[["a"]]}', 'null'],
    ['{"$avg":[1,2,{"$numberLong":"6"}]}', '3.0'],
    ['{"$min":[null,3,"a"]}', '3'],
    ['{"$max":[[1,5,3]]}', '5'],
    ['{"$max":[[1,5,3],2]}', '[1,5,3]'],
    ['{"$stdDevPop":[1,3]}', '1.0'],
    ['{"$stdDevSamp":[1]}', 'null'],
    ['{"$bitAnd":[6,{"$numberLong":"3"}]}', '{"$numberLong":"2"}'],
    ['{"$bitNot":0}', '-1'],
    ['{"$atan2":[0,1]}', '0.0'],
    ['{"$degreesToRadians":0}', '0.0'],
  ])('%s is %s', (expression, expected) => {
    expect(evaluate(expression)).toBe(wanted(expected))
  })

  it.each<[string, number]>([
    ['{"$add":[{"$date":"2020-01-01T00:00:00Z"},{"$date":"2020-01-01T00:00:00Z"}]}', 16612],
    ['{"$subtract":["a",1]}', 14],
    ['{"$multiply":["a"]}', 14],
    ['{"$divide":[1,0.0]}', 2],
    ['{"$mod":[1,0]}', 16610],
    ['{"$mod":["a",1]}', 16611],
    ['{"$abs":"a"}', 28765],
    ['{"$abs":{"$numberLong":"-9223372036854775808"}}', 28680],
    ['{"$round":[1,101]}', 51083],
    ['{"$round":[1,1.5]}', 51082],
    ['{"$pow":[0,-1]}', 28764],
    ['{"$sqrt":-1}', 28714],
    ['{"$ln":0}', 28766],
    ['{"$log":[1,1]}', 28759],
    ['{"$sqrt":{"$numberDecimal":"2"}}', 115],
    ['{"$acos":2}', 50989],
    ['{"$bitAnd":[1.5]}', 14],
    ['{"$rand":{"a":1}}', 3040501],
  ])('refuses %s with code %i', (expression, code) => {
    expect(codeOf(() => evaluate(expression))).toBe(code)
  })

  it('draws from the random source of the context', () => {
    expect(evaluate('{"$rand":{}}', '{}', { random: () => 0.25 })).toBe(wanted('0.25'))
  })
})
