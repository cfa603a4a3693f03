/**
 * @typedef {object} Place
 * @property {string} api Address of the API of the code host.
 * @property {string} repository "owner/name".
 * @property {number} number Of the pull request.
 * @property {string} token
 * @property {string} author Whose comments may be changed.
 *
 * @typedef {object} Run Of the workflow; a later one has a larger number, or is a later attempt of the same.
 * @property {number} id
 * @property {number} attempt
 *
 * @typedef {{ id: number, run: Run }} Ours A comment of ours, and the run that wrote it.
 *
 * @typedef {{ kind: 'written', url: string } | { kind: 'none' } | { kind: 'later' } | { kind: 'forbidden' } | { kind: 'failed', why: string }} Outcome
 */

/** Comments of a pull request that are looked through: a hundred a page. */
const PAGES = 30
const TRIES = 3
/** Runs of one pull request that end at the same time are few. */
const ROUNDS = 4
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
 * Writes a comment, or writes it anew: there is one for each marker, and it is that of the latest run. Runs may overlap,
 * and the API knows no condition for a write: what stands is looked at again after each, until it is ours and alone, or
 * that of a later run. A comment of somebody else is never changed, even where it begins with our marker.
 *
 * @param {Place} place
 * @param {string} marker
 * @param {string} text
 * @param {{ run: Run, create: boolean, wait: (ms: number) => Promise<void> }} options Without `create` only one that is there is changed.
 * @returns {Promise<Outcome>}
 */
export async function writeComment(place, marker, text, { run, create, wait }) {
  const comments = `${place.api}/repos/${place.repository}/issues`
  const body = `${marker}\n${stampOf(run)}\n${text}`
  /** @param {string} method @param {string} url @param {unknown} [sent] */
  const send = (method, url, sent) => ask(place.token, method, url, sent, wait)
  let url = ''
  try {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const [stands, ...doubles] = (await findComments(place, marker, wait)).sort(latestFirst)
      for (const { id } of doubles) await unlessGone(send('DELETE', `${comments}/comments/${id}`))
      const order = stands === undefined ? 1 : compare(run, stands.run)
      if (order < 0) return { kind: 'later' }
      if (url !== '' && order === 0 && stands !== undefined) return { kind: 'written', url }
      if (stands === undefined && !create && url === '') return { kind: 'none' }
      const written =
        (stands !== undefined && (await unlessGone(send('PATCH', `${comments}/comments/${stands.id}`, { body })))) ||
        (await send('POST', `${comments}/${place.number}/comments`, { body }))
      url = addressOf(written)
    }
    return { kind: 'written', url }
  } catch (error) {
    if (error instanceof Refused && !error.isLimit && [401, 403, 404].includes(error.status))
      return { kind: 'forbidden' }
    return { kind: 'failed', why: error instanceof Error ? error.message : String(error) }
  }
}

/**
 * The answer, or nothing where somebody has deleted meanwhile what it is about.
 *
 * @param {Promise<unknown>} answer
 */
async function unlessGone(answer) {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return undefined
    throw error
  }
}

/** @param {Run} one @param {Run} other Negative where the one is the earlier. */
const compare = (one, other) => one.id - other.id || one.attempt - other.attempt

/**
 * Every run keeps the same one, so that two that look at once do not delete each other's.
 *
 * @param {Ours} one
 * @param {Ours} other
 */
const latestFirst = (one, other) => compare(other.run, one.run) || one.id - other.id

/** @param {Run} run A line that nobody sees. */
const stampOf = ({ id, attempt }) => `<!-- run ${id}.${attempt} -->`

/** @param {string} body @returns {Run} One without a stamp is the earliest. */
function runOf(body) {
  const [, id = 0, attempt = 0] = /^.*\n<!-- run (\d+)\.(\d+) -->/.exec(body) ?? []
  return { id: Number(id), attempt: Number(attempt) }
}

/**
 * @param {Place} place
 * @param {string} marker
 * @param {(ms: number) => Promise<void>} wait
 * @returns {Promise<Ours[]>}
 */
async function findComments({ api, repository, number, token, author }, marker, wait) {
  const found = []
  for (let page = 1; page <= PAGES; page += 1) {
    const url = `${api}/repos/${repository}/issues/${number}/comments?per_page=100&page=${page}`
    const comments = listOf(await ask(token, 'GET', url, undefined, wait))
    const ours = comments.map(commentOf).filter(({ body, login }) => login === author && body.startsWith(marker))
    found.push(...ours.map(({ id, body }) => ({ id, run: runOf(body) })))
    if (comments.length < 100) break
  }
  return found
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
    if (response.ok) return response.status === 204 ? {} : response.json()
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
