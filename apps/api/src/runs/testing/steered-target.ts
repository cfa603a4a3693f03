import type { TargetError, TargetPort } from '@stage0/engine'
import { openTarget } from '@stage0/mongo'
import { err } from '@stage0/types'
import { SharedTarget } from '../../sources/target-source.ts'

/** Operations of a target that a plan or a run looks with, does its steps with, and comes to its end with. */
type Operation =
  | 'observe'
  | 'findFailing'
  | 'readEvents'
  | 'createCollection'
  | 'dropIndex'
  | 'buildIndexes'
  | 'setValidator'
  | 'runPipeline'
  | 'insertDocuments'
  | 'recordVersion'
  | 'requestCancel'
  | 'finish'
  | 'release'

/** A database that a test can hold up, or take away from one service alone. */
export interface SteeredTarget {
  readonly source: SharedTarget
  /** Holds the next call of the operation up, before it reaches the database. */
  pauseAt(operation: Operation): Pause
  /** The next call of the operation throws: a defect that nobody foresaw. */
  throwAt(operation: Operation, defect?: Error): void
  /** How often the operation was called. */
  calls(operation: Operation): number
  /** From now on nothing reaches the database, as after the death of the process. */
  cutOff(): void
  /** From now on the database answers nobody, as one that is suspended, until the returned function is called. */
  silence(): () => void
}

export interface Pause {
  /** Resolves when the call is there. */
  readonly reached: Promise<void>
  resume(): void
}

const GONE: TargetError = { kind: 'unreachable', code: 'TARGET_UNREACHABLE', message: 'cut off by the test' }

/** @param database As the setting MONGO_DB_NAME of the service says. */
export function steeredTarget(uri: string, database = 'configurator'): SteeredTarget {
  const pauses = new Map<string, { arrive: () => void; readonly resumed: Promise<void> }>()
  const broken = new Map<string, Error>()
  const counted = new Map<string, number>()
  let isCutOff = false
  let heard = Promise.resolve()
  const steer = <T extends object>(part: T): T =>
    new Proxy(part, {
      get: (object, name) => {
        const value: unknown = Reflect.get(object, name)
        if (typeof value === 'object' && value !== null) return steer(value)
        if (typeof value !== 'function' || name === 'close') return value
        return async (...args: readonly unknown[]): Promise<unknown> => {
          const pause = pauses.get(String(name))
          if (pause !== undefined) {
            pauses.delete(String(name))
            pause.arrive()
            await pause.resumed
          }
          await heard
          counted.set(String(name), (counted.get(String(name)) ?? 0) + 1)
          const defect = broken.get(String(name))
          if (defect !== undefined && broken.delete(String(name))) throw defect
          return isCutOff ? err(GONE) : (Reflect.apply(value, object, args) as Promise<unknown>)
        }
      },
    })
  const connect = async () => {
    const recordNames = { versions: 'CollectionVersions', enumerators: 'DatabaseEnumerators' }
    const opened = await openTarget({ uri, database, requireTls: false, appName: 'stage0-test', recordNames })
    return opened.ok ? { ...opened, value: steer<TargetPort>(opened.value) } : opened
  }
  return {
    source: new SharedTarget({ connect, now: () => new Date() }),
    pauseAt: (operation) => {
      let arrive = (): void => {}
      let resume = (): void => {}
      const reached = new Promise<void>((resolve) => (arrive = resolve))
      const resumed = new Promise<void>((resolve) => (resume = resolve))
      pauses.set(operation, { arrive, resumed })
      return { reached, resume }
    },
    throwAt: (operation, defect = new Error('a defect of the test')) => void broken.set(operation, defect),
    calls: (operation) => counted.get(operation) ?? 0,
    cutOff: () => (isCutOff = true),
    silence: () => {
      let answer = (): void => {}
      heard = new Promise((resolve) => (answer = resolve))
      return answer
    },
  }
}
