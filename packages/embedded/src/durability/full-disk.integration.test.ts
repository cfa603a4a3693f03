import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, rmdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startEmbedded } from '../server.ts'
import { failureOf } from '../testing/test-server.ts'

interface Parcel {
  readonly _id: number
  readonly text: string
}

const FILLER_BYTES = 300_000
const TEXT = 'x'.repeat(20_000)

/** A file system of 1 MB, or the reason why there can be none. */
function smallDisk(): { readonly folder: string } | { readonly reason: string } {
  const folder = mkdtempSync(join(tmpdir(), 'stage0-disk-'))
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], {
    encoding: 'utf8',
  })
  if (status !== 0) {
    rmdirSync(folder)
    return { reason: `no file system of 1 MB can be mounted: ${error?.message ?? stderr.trim()}` }
  }
  onTestFinished(() => {
    spawnSync('umount', [folder])
    rmdirSync(folder)
  })
  return { folder }
}

async function opened(data: string) {
  const server = await startEmbedded({ data })
  const client = new MongoClient(server.uri)
  const parcels = client.db('shop').collection<Parcel>('parcel')
  const ids = async (): Promise<number[]> => (await parcels.find().toArray()).map(({ _id }) => _id)
  const close = async (): Promise<void> => {
    await client.close()
    await server.close()
  }
  return { parcels, ids, close }
}

describe('a real disk that is full', () => {
  it('refuses what it cannot take, shows none of it, goes on when there is room, and starts again with just that', async (context) => {
    const disk = smallDisk()
    if ('reason' in disk) {
      console.warn(disk.reason)
      return context.skip(disk.reason)
    }
    const filler = join(disk.folder, 'filler')
    const data = join(disk.folder, 'data')
    writeFileSync(filler, Buffer.alloc(FILLER_BYTES))
    const { parcels, ids, close } = await opened(data)
    const taken: number[] = []
    let refused: Awaited<ReturnType<typeof failureOf>> | undefined
    for (let _id = 0; refused === undefined && _id < 100; _id++) {
      await parcels.insertOne({ _id, text: TEXT }, { writeConcern: { j: true } }).then(
        () => taken.push(_id),
        (error: typeof refused) => (refused = error),
      )
    }
    expect(refused).toMatchObject({ code: 14031, codeName: 'OutOfDiskSpace' })
    expect(taken.length).toBeGreaterThan(10)
    expect((await failureOf(parcels.updateMany({}, { $set: { text: `${TEXT}y` } }))).code).toBe(14031)
    expect(await ids()).toEqual(taken)
    expect(await parcels.countDocuments({ text: TEXT })).toBe(taken.length)
    rmSync(filler)
    await parcels.insertOne({ _id: -1, text: 'there is room' }, { writeConcern: { j: true } })
    expect(await ids()).toEqual([...taken, -1])
    await close()
    const again = await opened(data)
    expect(await again.ids()).toEqual([...taken, -1])
    await again.close()
  })
})
