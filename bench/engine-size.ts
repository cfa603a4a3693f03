import { startEmbedded } from '@stage0/embedded'
import { applyOnce, replay, wantedFrom } from './apply-once.ts'
import { generateRepository } from './generate-repository.ts'

const SIZES = [1, 10, 100, 1000]
const COMMANDS_PER_COLLECTION = 3
/** How much more a collection may cost among ten times as many: linear, with room for the noise of a machine. */
const LINEAR = 1.5
/** The fastest round counts. */
const ROUNDS = 3
const APPLIED = 100
const SCRIPT_BAR = 2.0

const wantedOf = (collections: number) =>
  wantedFrom(generateRepository({ collections, versions: 1, properties: 10, types: 8 }), false)

/** A run that finds nothing to do: commands and time per collection must not grow with their number. */
export async function nothingToDo(): Promise<boolean> {
  let isWithin = true
  let before: number | undefined
  for (const collections of SIZES) {
    const server = await startEmbedded()
    const wanted = wantedOf(collections)
    await applyOnce(server.uri, wanted, false)
    let best = Infinity
    let commands = 0
    for (let round = 0; round < ROUNDS; round++) {
      const { ms, sent, events } = await applyOnce(server.uri, wanted, false)
      if (events.some(({ type }) => type === 'step.started')) throw new Error('there was something to do')
      best = Math.min(best, ms)
      commands = sent.length
    }
    await server.close()
    const perCollection = commands / collections
    // With few collections the fixed part of a run is most of it.
    const bars: string[] = []
    if (collections >= 10) bars.push(`at most ${COMMANDS_PER_COLLECTION}`)
    if (collections >= 10) isWithin &&= perCollection <= COMMANDS_PER_COLLECTION
    const growth = before === undefined ? undefined : best / collections / before
    if (collections >= 100 && growth !== undefined) isWithin &&= growth <= LINEAR
    before = best / collections
    console.log(
      `nothing to do, ${collections} collections: ${commands} commands, ${perCollection.toFixed(2)} per collection (${bars.join('') || 'not judged'}); ${best.toFixed(0)} ms, ${(best / collections).toFixed(2)} ms per collection${growth === undefined ? '' : `, ${growth.toFixed(2)} of that among a tenth as many (at most ${LINEAR} from 100 on)`}`,
    )
  }
  return isWithin
}

/** A first run over many collections against a script that sends the commands that it sent. */
export async function applyOfMany(): Promise<boolean> {
  const wanted = wantedOf(APPLIED)
  const best = { apply: Infinity, script: Infinity }
  let commands = 0
  for (let round = 0; round < ROUNDS; round++) {
    const [own, other] = [await startEmbedded(), await startEmbedded()]
    const applied = await applyOnce(own.uri, wanted, false)
    commands = applied.sent.length
    best.apply = Math.min(best.apply, applied.ms)
    best.script = Math.min(best.script, await replay(other.uri, applied.sent))
    await Promise.all([own.close(), other.close()])
  }
  const ratio = best.apply / best.script
  console.log(
    `apply of ${APPLIED} collections: ${commands} commands, ${best.apply.toFixed(0)} ms; the same commands by a script: ${best.script.toFixed(0)} ms; ratio ${ratio.toFixed(2)} (at most ${SCRIPT_BAR.toFixed(1)})`,
  )
  return ratio <= SCRIPT_BAR
}
