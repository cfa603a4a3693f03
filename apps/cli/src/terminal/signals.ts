const SIGNALS = ['SIGINT', 'SIGTERM'] as const

interface SignalSource {
  readonly pid: number
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown
  removeAllListeners(signal: NodeJS.Signals): unknown
  kill(pid: number, signal: NodeJS.Signals): unknown
}

/**
 * The first SIGINT or SIGTERM asks the work to end cleanly; the second kills, as the signal would have done by itself.
 *
 * @param onFirst Told the name of the first signal, to say what is going on.
 * @param onKill Called right before the second one kills, to say what is left behind.
 */
export function cancelOnSignals(
  process: SignalSource,
  onFirst: (signal: NodeJS.Signals) => void,
  onKill: (signal: NodeJS.Signals) => void,
): AbortSignal {
  const controller = new AbortController()
  const listener = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      onKill(signal)
      for (const each of SIGNALS) process.removeAllListeners(each)
      process.kill(process.pid, signal)
      return
    }
    onFirst(signal)
    // With the reason of the platform, an AbortError: whoever is stopped by it can tell it from a failure of its own.
    controller.abort()
  }
  for (const signal of SIGNALS) process.on(signal, listener)
  return controller.signal
}
