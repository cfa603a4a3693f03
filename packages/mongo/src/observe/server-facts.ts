import type { ServerFacts } from '@stage0/core'
import type { Db } from 'mongodb'

/** Version and kind of the server, in two commands. */
export async function readServerFacts(db: Db): Promise<ServerFacts> {
  const [hello, buildInfo] = await Promise.all([db.command({ hello: 1 }), db.command({ buildInfo: 1 })])
  return {
    version: String(buildInfo['version']),
    kind: hello['msg'] === 'isdbgrid' ? 'sharded' : hello['setName'] === undefined ? 'standalone' : 'replica-set',
    modules: ((buildInfo['modules'] ?? []) as readonly unknown[]).map(String),
  }
}
