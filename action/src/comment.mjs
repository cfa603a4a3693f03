/**
 * @typedef {object} Place
 * @property {string} api Address of the API of the code host.
 * @property {string} repository "owner/name".
 * @property {number} number Of the pull request.
 * @property {string} token
 * @property {string} author Whose comments may be changed.
 *
 * @typedef {{ kind: 'written', url: string } | { kind: 'none' } | { kind: 'forbidden' } | { kind: 'failed', why: string }} Outcome
 */

/** Comments of a pull request that are looked through: a hundred a page. */
const PAGES = 30
const TRIES = 3
/** A job is not kept waiting longer than this for a limit of the API to pass, in seconds. */
const LONGEST_WAIT_S = 60

/** What the API said, where it is not what was asked for. */
class Refused extends Error {
  /**
   * @param {number} status
   * @param {boolean} isLimit
   */
  constructor(status, isLimit) {
    super(isLimit ? 'too many requests for now' : `status ${status}`)
    this.status = status
    this.isLimit = isLimit
  }
}

/**
 * Writes a comment, or writes it anew: there is one for each marker. A comment of somebody else is never changed, even
 * where it begins with our marker.
 *
 * @param {Place} place
 * @param {string} marker
 * @param {string} body Begins with the marker.
 * @param {{ create: boolean, wait: (ms: number) => Promise<void> }} options Without `create` only one that is there is changed.
 * @returns {Promise<Outcome>}
 */
export async function writeComment(place, marker, body, { create, wait }) {
  const comments = `${place.api}/repos/${place.repository}/issues`
  /** @param {string} method @param {string} url */
  const send = (method, url) => ask(place.token, method, url, { body }, wait)
  try {
    const found = await findComment(place, marker, wait)
    if (found !== undefined) {
      try {
        return { kind: 'written', url: addressOf(await send('PATCH', `${comments}/comments/${found}`)) }
      } catch (error) {
        // Somebody has deleted it meanwhile.
        if (!(error instanceof Refused && error.status === 404)) throw error
      }
    }
    if (!create) return { kind: 'none' }
    return { kind: 'written', url: addressOf(await send('POST', `${comments}/${place.number}/comments`)) }
  } catch (error) {
    if (error instanceof Refused && !error.isLimit && [401, 403, 404].includes(error.status))
      return { kind: 'forbidden' }
    return { kind: 'failed', why: error instanceof Error ? error.message : String(error) }
  }
}

/**
 * @param {Place} place
 * @param {string} marker
 * @param {(ms: number) => Promise<void>} wait
 * @returns {Promise<number | undefined>}
 */
async function findComment({ api, repository, number, token, author }, marker, wait) {
  for (let page = 1; page <= PAGES; page += 1) {
    const url = `${api}/repos/${repository}/issues/${number}/comments?per_page=100&page=${page}`
    const comments = listOf(await ask(token, 'GET', url, undefined, wait))
    const ours = comments.map(commentOf).find(({ body, login }) => login === author && body.startsWith(marker))
    if (ours !== undefined) return ours.id
    if (comments.length < 100) return undefined
  }
  return undefined
}

/** @param {unknown} answer @returns {readonly unknown[]} */
const listOf = (answer) => (Array.isArray(answer) ? answer : [])

/** @param {unknown} answer */
const addressOf = (answer) => String(Object(answer).html_url ?? '')

/**
 * A comment of a list; one that is not as expected is nobody's.
 *
 * @param {unknown} entry
 */
function commentOf(entry) {
  const { id, body, user } = Object(entry)
  return { id: Number(id), body: String(body ?? ''), login: String(Object(user).login ?? '') }
}

/**
 * One request; asked again where the server fails or tells to wait.
 *
 * @param {string} token
 * @param {string} method
 * @param {string} url
 * @param {unknown} body
 * @param {(ms: number) => Promise<void>} wait
 * @returns {Promise<unknown>}
 */
async function ask(token, method, url, body, wait) {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(url, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'x-github-api-version': '2022-11-28',
        'user-agent': 'stage0-action',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    })
    if (response.ok) return response.json()
    const pause = pauseOf(response, attempt)
    if (pause === undefined || attempt === TRIES || pause > LONGEST_WAIT_S)
      throw new Refused(response.status, isLimit(response))
    await response.body?.cancel()
    await wait(pause * 1000)
  }
}

/** @param {Response} response */
const isLimit = ({ status, headers }) =>
  status === 429 || (status === 403 && (headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0'))

/**
 * How long to wait before asking again, in seconds; nothing where that would not help.
 *
 * @param {Response} response
 * @param {number} attempt
 */
function pauseOf(response, attempt) {
  const { status, headers } = response
  const told = Number(headers.get('retry-after') ?? Number.NaN)
  if (isLimit(response)) {
    const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN) - Date.now() / 1000
    return [told, reset].find((one) => Number.isFinite(one) && one >= 0) ?? LONGEST_WAIT_S
  }
  return status >= 500 ? (Number.isFinite(told) ? told : attempt) : undefined
}
