// Loaded before the command by `node --import`. STAGE0_TEST_KILL_AT is a function that changes the file system, and a number: the process is
// killed when it calls that for that time, right before anything happens.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const [name, times] = process.env.STAGE0_TEST_KILL_AT.split(':')
const real = fs[name]
let left = Number(times)
fs[name] = (...args) => {
  if (--left === 0) process.kill(process.pid, 'SIGKILL')
  return real(...args)
}
syncBuiltinESMExports()
