import { describe, expect, it } from 'vitest'
import { codeOf } from '../testing/expect-error.ts'
import { evaluate, wanted } from '../testing/evaluate.ts'

describe('expressions: text', () => {
  it.each<[string, string]>([
    ['{"$concat":["a","b"]}', '"ab"'],
    ['{"$toUpper":"aé1"}', '"Aé1"'],
    ['{"$toLower":null}', '""'],
    ['{"$toUpper":1.5}', '"1.5"'],
    ['{"$trim":{"input":"  a\\n"}}', '"a"'],
    ['{"$ltrim":{"input":"xxay","chars":"xy"}}', '"ay"'],
    ['{"$rtrim":{"input":"xxay","chars":"xy"}}', '"xxa"'],
    ['{"$trim":{"input":null}}', 'null'],
    ['{"$split":["a-b-","-"]}', '["a","b",""]'],
    ['{"$substrBytes":["héllo",0,3]}', '"hé"'],
    ['{"$substrBytes":["hello",1,-1]}', '"ello"'],
    ['{"$substrCP":["a😀b",1,1]}', '"😀"'],
    ['{"$substr":["abc",5,1]}', '""'],
    ['{"$strLenBytes":"é😀"}', '6'],
    ['{"$strLenCP":"é😀"}', '2'],
    ['{"$indexOfCP":["a😀b","b"]}', '2'],
    ['{"$indexOfBytes":["aéb","b"]}', '3'],
    ['{"$indexOfCP":["aXbX","X",2]}', '3'],
    ['{"$indexOfCP":["abc","z"]}', '-1'],
    ['{"$strcasecmp":["ab","AC"]}', '-1'],
    ['{"$replaceOne":{"input":"a.a","find":"a","replacement":{"$literal":"$&"}}}', '"$&.a"'],
    ['{"$replaceAll":{"input":"a.a","find":"a","replacement":"b"}}', '"b.b"'],
    ['{"$replaceAll":{"input":null,"find":"a","replacement":"b"}}', 'null'],
    ['{"$regexMatch":{"input":"Abc","regex":"^a","options":"i"}}', 'true'],
    ['{"$regexFind":{"input":"x😀ab","regex":"(a)(z)?"}}', '{"match":"a","idx":2,"captures":["a",null]}'],
    ['{"$regexFind":{"input":"x","regex":"y"}}', 'null'],
    [
      '{"$regexFindAll":{"input":"a1b22","regex":{"$regularExpression":{"pattern":"[0-9]+","options":""}}}}',
      '[{"match":"1","idx":1,"captures":[]},{"match":"22","idx":3,"captures":[]}]',
    ],
  ])('%s is %s', (expression, expected) => {
    expect(evaluate(expression)).toBe(wanted(expected))
  })

  it.each<[string, number]>([
    ['{"$concat":["a",1]}', 16702],
    ['{"$toUpper":[["a"]]}', 16007],
    ['{"$trim":{"input":1}}', 50699],
    ['{"$trim":{"chars":"a"}}', 50695],
    ['{"$split":["a",""]}', 40087],
    ['{"$substrBytes":["é",1,1]}', 28656],
    ['{"$substrCP":["a",-1,1]}', 34455],
    ['{"$strLenCP":null}', 34471],
    ['{"$strLenBytes":1}', 34473],
    ['{"$replaceOne":{"input":1,"find":"a","replacement":"b"}}', 51746],
    ['{"$regexMatch":{"input":1,"regex":"a"}}', 51104],
    ['{"$regexMatch":{"input":"a","regex":"("}}', 51091],
  ])('refuses %s with code %i', (expression, code) => {
    expect(codeOf(() => evaluate(expression))).toBe(code)
  })
})
