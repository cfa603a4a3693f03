import { Binary, ObjectId, type Timestamp } from 'bson'
import { doc, type Doc, type Value } from '@stage0/bson-schema'
import { Sessions } from '../sessions/sessions.ts'
import type { OpenTransactions } from '../transactions/open-transactions.ts'
import { ClusterClock } from './cluster-clock.ts'

const SIGNATURE_BYTES = 20
/** One term for ever: there is nobody to elect. */
const TERM = 1n
/** The id of an election increases with every one; this is that of the first. */
const ELECTION_ID = new ObjectId('7fffffff0000000000000001')

/** A replica set of one member: sessions with transactions and retryable writes, and a logical time. */
export class ReplicaSet {
  readonly name: string
  readonly clock: ClusterClock
  readonly sessions: Sessions

  constructor(name: string, wall: () => Date, transactions: OpenTransactions) {
    this.name = name
    this.clock = new ClusterClock(wall)
    this.sessions = new Sessions(transactions)
  }

  /** What every reply carries. */
  replyFields(): readonly (readonly [string, Value])[] {
    const time = this.clock.now()
    const signature = doc({ hash: new Binary(new Uint8Array(SIGNATURE_BYTES)), keyId: 0n })
    return [
      ['$clusterTime', doc({ clusterTime: time, signature })],
      ['operationTime', time],
    ]
  }

  /** What hello says of the set; `me` is the address under which clients reach the server. */
  helloFields(me: string): readonly (readonly [string, Value])[] {
    const opTime = this.opTime(this.clock.now())
    const date = this.clock.lastWrite
    return [
      ['hosts', [me]],
      ['setName', this.name],
      ['setVersion', 1],
      ['secondary', false],
      ['primary', me],
      ['me', me],
      ['electionId', ELECTION_ID],
      ['lastWrite', doc({ opTime, lastWriteDate: date, majorityOpTime: opTime, majorityWriteDate: date })],
    ]
  }

  opTime(ts: Timestamp): Doc {
    return doc({ ts, t: TERM })
  }

  /** What `replSetGetStatus` tells: one member, primary since the start. */
  status(me: string, startedAt: Date): Doc {
    const now = this.clock.now()
    const opTime = this.opTime(now)
    const PRIMARY = 1
    const uptime = Math.floor((this.clock.lastWrite.getTime() - startedAt.getTime()) / 1_000)
    return doc({
      set: this.name,
      date: this.clock.lastWrite,
      myState: PRIMARY,
      term: TERM,
      optimes: { lastCommittedOpTime: opTime, readConcernMajorityOpTime: opTime, appliedOpTime: opTime },
      members: [
        {
          _id: 0,
          name: me,
          health: 1,
          state: PRIMARY,
          stateStr: 'PRIMARY',
          uptime: Math.max(0, uptime),
          optime: opTime,
          electionDate: startedAt,
          configVersion: 1,
          configTerm: 1,
          self: true,
        },
      ],
    })
  }

  /** What `replSetGetConfig` tells. */
  config(me: string): Doc {
    return doc({
      config: {
        _id: this.name,
        version: 1,
        term: 1,
        members: [{ _id: 0, host: me, arbiterOnly: false, hidden: false, priority: 1, votes: 1 }],
        protocolVersion: 1n,
        writeConcernMajorityJournalDefault: true,
      },
    })
  }
}
