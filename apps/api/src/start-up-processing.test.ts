import { describe, expect, it, onTestFinished } from 'vitest'
import { startEmbedded } from '@stage0/embedded'
import { StartUpProcessing } from './start-up-processing.ts'
import { testApp } from './testing/test-app.ts'

describe('the processing at start', () => {
  it('W-53: that a defect ends leaves the service alive and not ready, and is reported', async () => {
    const server = await startEmbedded()
    onTestFinished(() => server.close())
    const defect = new Error('a defect of the test')
    const snapshots = { current: () => Promise.reject(defect) }
    const { app, deps } = await testApp({ uri: server.uri, deps: { snapshots } })
    const startUp = new StartUpProcessing(deps.settings)
    const told: unknown[] = []
    expect(await startUp.run(app.runs, deps.clock.sleep, (cause) => told.push(cause))).toBe(false)
    expect(told).toEqual([defect])
    expect(startUp.state()).toMatchObject({ done: true, ok: false, text: expect.stringContaining('SERVICE_DEFECT') })
  })
})
