import { isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'

/** Every path at which `diffSchemas` can tell a change of the schema: "", "profile.name", "tags[]", "value<oneOf 1>". */
export function schemaPaths(schema: Doc): string[] {
  const paths = new Set<string>()
  walk('', schema, paths)
  return [...paths]
}

function walk(path: string, schema: Value | undefined, paths: Set<string>): void {
  if (!isDoc(schema)) return
  paths.add(path)
  const join = (name: string): string => (path === '' ? name : `${path}.${name}`)
  const properties = schema.get('properties')
  if (isDoc(properties))
    for (const [name, one] of properties.entries()) {
      paths.add(join(name))
      walk(join(name), one, paths)
    }
  const required = schema.get('required')
  if (isArray(required)) for (const name of required) paths.add(join(String(name)))
  walk(`${path}[]`, schema.get('items'), paths)
  walk(join('*'), schema.get('additionalProperties'), paths)
  for (const keyword of ['oneOf', 'anyOf', 'allOf']) {
    const alternatives = schema.get(keyword)
    if (isArray(alternatives)) alternatives.forEach((one, i) => walk(`${path}<${keyword} ${i + 1}>`, one, paths))
  }
}
