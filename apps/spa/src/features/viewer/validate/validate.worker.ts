import { answerOf } from './answer.ts'
import type { CheckRequest } from './messages.ts'

// A thread of its own: a pattern such as ^(a+)+$ can run for ever, and the page ends the thread then.
self.onmessage = ({ data }: MessageEvent<CheckRequest>) => self.postMessage(answerOf(data))
self.postMessage('ready')
