interface Range {
  readonly type: string
  readonly quality: number
}

/**
 * The first of `offers` that a client takes with the highest quality; `undefined` where it takes none (RFC 9110, 12.5.1). Without the header
 * anything goes. Among equal qualities the order of the offers decides.
 *
 * @param offers Media types in lower case, without parameters.
 */
export function preferred<const T extends string>(accept: string | undefined, offers: readonly T[]): T | undefined {
  if (accept === undefined || accept.trim() === '') return offers[0]
  const ranges = accept.split(',').map(toRange)
  let best: T | undefined
  let highest = 0
  for (const offer of offers) {
    const quality = qualityOf(offer, ranges)
    if (quality > highest) [best, highest] = [offer, quality]
  }
  return best
}

function toRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const written = parameters.find((parameter) => parameter.startsWith('q='))
  const quality = written === undefined ? 1 : Number(written.slice('q='.length))
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 }
}

/** By the most specific range that names the type. */
function qualityOf(offer: string, ranges: readonly Range[]): number {
  const family = `${offer.slice(0, offer.indexOf('/'))}/*`
  for (const name of [offer, family, '*/*']) {
    const range = ranges.find(({ type }) => type === name)
    if (range !== undefined) return range.quality
  }
  return 0
}

/** Whether an `If-None-Match` header names this entity tag, so that the client has it already (RFC 9110, 13.1.2). */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.split(',').some((part) => {
    const tag = part.trim()
    return tag === '*' || tag.replace(/^W\//, '') === etag
  })
}
