/**
 * A value of a plan's JSON as text, without what MongoDB does not tell apart in options and validators: the order of keys, and the
 * type of a number. Equal texts, equal value.
 */
export function unorderedText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(unorderedText).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value)
  const [only] = fields
  if (only !== undefined && fields.length === 1 && NUMBERS.has(only[0])) return String(only[1]).replace(/\.0$/, '')
  const texts = fields.map(([key, field]) => `${JSON.stringify(key)}:${unorderedText(field)}`)
  return `{${texts.sort().join(',')}}`
}

const NUMBERS = new Set(['$numberLong', '$numberDouble'])
