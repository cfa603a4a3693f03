import { doc, encode, type Plain } from '@stage0/bson-schema'
import { MongoNetworkError, MongoServerError, type Db } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { awaitBuilds, isOutOfSight, watchBuild } from './indexes-watch.ts'

/** What the server tells, look by look; the last look is told again and again. */
interface Look {
  readonly progress?: { readonly done: number; readonly total: number } | 'refused'
  readonly listed: readonly { readonly [field: string]: Plain }[]
}
const ready = (name: string) => ({ v: 2, key: { a: 1 }, name })
const building = (name: string) => ({ spec: ready(name), buildUUID: 'b0' })

/** The two questions that a watched build asks, answered without a server: an embedded one builds at once. */
function answering(looks: readonly Look[]) {
  let at = 0
  const asked: boolean[] = []
  const look = (): Look => looks[Math.min(at, looks.length - 1)] ?? { listed: [] }
  const operations = ([stage]: readonly { readonly $currentOp?: { readonly allUsers: boolean } }[]) => ({
    toArray: () => {
      asked.push(stage?.$currentOp?.allUsers === true)
      const { progress } = look()
      if (progress === 'refused') return Promise.reject(new MongoServerError({ code: 13, errmsg: 'not authorized' }))
      return Promise.resolve(progress === undefined ? [] : [{ progress }])
    },
  })
  async function* listed() {
    const entries = look().listed
    at += 1
    for (const entry of entries) yield encode(doc(entry))
  }
  const client = { db: () => ({ aggregate: operations }) }
  return { db: { databaseName: 'shop', client, runCursorCommand: listed } as unknown as Db, asked }
}

const never = new AbortController().signal
const watched = (looks: readonly Look[], told: string[] = [], signal = never) => ({
  db: answering(looks).db,
  collection: 'c',
  names: ['i', 'j'],
  signal,
  onProgress: (done: number, total: number) => void told.push(`${done}/${total}`),
})

describe('a build that its client has lost sight of', () => {
  it('is waited for while the server is at work, with its progress', async () => {
    const told: string[] = []
    const looks = [
      { progress: { done: 1, total: 9 }, listed: [ready('_id_'), building('i'), building('j')] },
      { progress: { done: 7, total: 9 }, listed: [ready('_id_'), building('i'), building('j')] },
      // Committing takes a moment after the operation is gone.
      { listed: [ready('_id_'), ready('i'), building('j')] },
      { listed: [ready('_id_'), ready('i'), ready('j')] },
    ]
    expect(await awaitBuilds(watched(looks, told))).toBe(true)
    expect(told).toEqual(['1/9', '7/9'])
  })

  it('is to be begun again where it failed, or was never begun', async () => {
    expect(await awaitBuilds(watched([{ listed: [building('i')] }, { listed: [ready('_id_')] }]))).toBe(false)
    expect(await awaitBuilds(watched([{ listed: [ready('i')] }]))).toBe(false)
  })

  it('of somebody else on the same collection is not waited for', async () => {
    expect(await awaitBuilds(watched([{ listed: [ready('i'), ready('j'), building('theirs')] }]))).toBe(true)
  })

  it('is seen by its listing alone where the list of operations is not permitted', async () => {
    const looks = [
      { progress: 'refused' as const, listed: [building('i'), building('j')] },
      { progress: 'refused' as const, listed: [ready('i'), ready('j')] },
    ]
    const { db, asked } = answering(looks)
    expect(await awaitBuilds({ ...watched([]), db })).toBe(true)
    // First of all users, then at least the own ones.
    expect(asked).toEqual([true, false, true, false])
  })

  it('is left when the run has lost its lock', async () => {
    const waiting = watched([{ listed: [building('i')] }], [], AbortSignal.abort())
    await expect(awaitBuilds(waiting)).rejects.toThrow(/abort/)
  })
})

it('a build that is at work tells its progress, and its answer counts', async () => {
  const told: string[] = []
  let finish: (answer: string) => void = () => undefined
  const work = (): Promise<string> => new Promise((resolve) => (finish = resolve))
  const build = watched([{ progress: { done: 3, total: 4 }, listed: [] }], told)
  const onProgress = (done: number, total: number): void => {
    build.onProgress(done, total)
    finish('answer')
  }
  expect(await watchBuild({ ...build, onProgress }, work)).toBe('answer')
  expect(told).toEqual(['3/4'])
})

it.each([
  [new MongoNetworkError('gone'), true],
  [new MongoServerError({ code: 11600, errmsg: 'interrupted at shutdown' }), true],
  [new MongoServerError({ code: 10107, errmsg: 'not primary' }), true],
  [new MongoServerError({ code: 9999, codeName: 'IndexBuildAlreadyInProgress', errmsg: 'being built' }), true],
  [new MongoServerError({ code: 11000, errmsg: 'E11000 duplicate key' }), false],
  [new TypeError('a defect'), false],
])('%s: the server may still build: %s', (cause, isGoing) => {
  expect(isOutOfSight(cause)).toBe(isGoing)
})
