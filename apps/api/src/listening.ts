import type { FastifyInstance } from 'fastify'
import type { Clock } from '@stage0/engine'
import { err, ok, type ErrorCode, type Result } from '@stage0/types'
import { isLoopback, type Settings } from '@stage0/workspace'

/** Why a service does not come up. */
export interface ServiceRefusal {
  readonly code: ErrorCode
  readonly message: string
}

/** Without a sign-in everybody who reaches the service may do everything: then only this machine may reach it. */
export function refuseAddress(
  host: string,
  { AUTH_MODE, AUTH_NONE_ANYWHERE }: Pick<Settings, 'AUTH_MODE' | 'AUTH_NONE_ANYWHERE'>,
): ServiceRefusal | undefined {
  if (AUTH_MODE.value !== 'none' || AUTH_NONE_ANYWHERE.value || isLoopback(host)) return undefined
  return {
    code: 'AUTH_NEEDED',
    message: `The service would listen on ${host} without a sign-in, where others can reach it.`,
  }
}

/** @returns the address to write into a browser of this machine. */
export async function listen(
  app: FastifyInstance,
  host: string,
  port: number,
): Promise<Result<string, ServiceRefusal>> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    return err({ code: 'PORT_UNUSABLE', message: `Cannot listen on port ${port}: ${error.message}.` })
  }
  const [address] = app.addresses()
  return ok(`http://${nameOf(host)}:${typeof address === 'object' ? address.port : port}/`)
}

/** What to write into a browser of this machine for an address that a service listens on. */
function nameOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

/** Lets requests end for so many seconds; what is not done by then is cut off. */
export async function closeWithin(app: FastifyInstance, graceSeconds: number, sleep: Clock['sleep']): Promise<void> {
  const timer = new AbortController()
  const closed = app.close()
  await Promise.race([closed, sleep(graceSeconds * 1000, timer.signal)])
  timer.abort()
  app.server.closeAllConnections()
}
