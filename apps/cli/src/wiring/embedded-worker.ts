import { parentPort, workerData } from 'node:worker_threads'
import { startEmbedded } from '@stage0/embedded'
import type { DatabaseOptions, WorkerMessage } from './embedded-database.ts'
import { refusalOf } from './embedded-here.ts'

/** The embedded server in a thread of its own: its long commands then hold nobody else. Ends when it is told anything. */
const port = parentPort
if (port === null) throw new Error('this file runs in a worker thread')
const tell = (message: WorkerMessage) => port.postMessage(message)
try {
  const server = await startEmbedded(workerData as DatabaseOptions)
  port.once('message', () => void server.close().then(() => port.close()))
  tell({ uri: server.uri, notice: server.notice })
} catch (error) {
  const refusal = refusalOf(error)
  if (refusal === undefined) throw error
  tell(refusal)
}
