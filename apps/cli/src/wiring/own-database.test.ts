import { loadSettings } from '@stage0/workspace'
import { describe, expect, it } from 'vitest'
import { recordingIo } from '../testing/recording-io.ts'
import { databasePlace } from './own-database.ts'

const URI = 'mongodb://127.0.0.1:27017/'

describe('the database of start and serve', () => {
  it.each([
    { why: 'nothing is given', env: {}, overrides: {}, place: { kind: 'own', data: undefined } },
    { why: 'a connection string is given', env: { MONGO_CONNECTION_STRING: URI }, place: { kind: 'named' } },
    { why: 'a data folder is given', env: { EMBEDDED_DATA: 'data' }, place: { kind: 'own', data: '/here/data' } },
    { why: 'the folder is absolute', env: { EMBEDDED_DATA: '/data' }, place: { kind: 'own', data: '/data' } },
    {
      why: 'an option names the deployment, the environment the folder',
      env: { EMBEDDED_DATA: '/data' },
      overrides: { MONGO_CONNECTION_STRING: URI },
      place: { kind: 'named' },
    },
    {
      why: 'an option names the folder, the environment the deployment',
      env: { MONGO_CONNECTION_STRING: URI },
      overrides: { EMBEDDED_DATA: '/data' },
      place: { kind: 'own', data: '/data' },
    },
  ])('where $why', ({ env, overrides = {}, place }) => {
    const settings = loadSettings({ env, overrides })
    if (!settings.ok) throw new Error(JSON.stringify(settings.error))
    expect(databasePlace(recordingIo({ folder: '/here' }), settings.value)).toEqual({ ok: true, value: place })
  })

  it('is not guessed where both are said in the same way', () => {
    const settings = loadSettings({ env: { EMBEDDED_DATA: 'data', MONGO_CONNECTION_STRING: URI } })
    if (!settings.ok) throw new Error(JSON.stringify(settings.error))
    expect(databasePlace(recordingIo(), settings.value)).toMatchObject({
      ok: false,
      error: [{ code: 'SETTING_INVALID', hint: 'Leave one of them out.' }],
    })
  })
})
