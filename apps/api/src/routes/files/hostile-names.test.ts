import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FILE_KINDS } from '../repository/file-index.ts'
import { sharedApp } from '../repository/testing/shared-app.ts'

const MARK = 'what-lies-outside'

const TRICKS = [
  '...',
  '../secret.yaml',
  '../../secret.yaml',
  '..\\secret.yaml',
  '../types/email.yaml',
  './email.yaml',
  'email.yaml/.',
  'email.yaml/../email.yaml',
  '/etc/passwd',
  '//etc/passwd',
  'C:\\windows\\win.ini',
  '\\\\server\\share',
  'file:///etc/passwd',
  '~/.ssh/id_rsa',
  'email.yaml\0',
  'email.yaml\0.json',
  '\0',
  '\n',
  'email.yaml\r\nSet-Cookie: a=b',
  ' email.yaml',
  'email.yaml ',
  'email.yaml.',
  'EMAIL.YAML',
  'email',
  'email.yml',
  'email.yaml::$DATA',
  'CON',
  'NUL.yaml',
  'COM1',
  'aux.json',
  '.git',
  '.env',
  '-rf',
  '*',
  '*.yaml',
  'email.yaml?x',
  'email.yaml#x',
  '%2e%2e%2fsecret.yaml',
  '%252e%252e%252fsecret.yaml',
  '..%c0%afsecret.yaml',
  '．．／secret.yaml',
  'ｅmail.yaml',
  '\u202eyaml.liame',
  '\ufeffemail.yaml',
  'e\u0301mail.yaml',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '${jndi:ldap://x}',
  '{{7*7}}',
  '; cat /etc/passwd',
  '<script>',
  "' or 1=1 --",
  '{"$ne":null}',
  '💥',
  'a'.repeat(201),
  'a'.repeat(900),
]

/** What is built with a name in it. */
const addresses = (name: string): string[] => {
  const written = encodeURIComponent(name)
  return [
    ...FILE_KINDS.flatMap((kind) => [`/api/${kind}/${written}`, `/api/${kind}/${written}/usages`]),
    `/api/types/${written}/schema`,
    `/api/dictionaries/${written}/schema`,
    `/api/configurations/json_schema/${written}/latest`,
    `/api/configurations/bson_schema/user.yaml/${written}`,
    `/api/collections/${written}`,
    `/api/collections/${written}/versions/latest`,
    `/api/collections/user/versions/${written}`,
    `/api/enumerations/${written}/usages`,
  ]
}

describe('W-35, W-36: a name in an address', () => {
  const service = sharedApp({ uri: false })

  const expectRefused = async (url: string): Promise<void> => {
    const { inject } = service()
    // The text of a file where there is one, anything otherwise.
    const { statusCode, body, headers } = await inject({ url, headers: { accept: 'text/plain, */*;q=0.1' } })
    expect([url, [400, 404, 414].includes(statusCode), statusCode]).toEqual([url, true, statusCode])
    expect(body).not.toContain(MARK)
    expect(headers).not.toHaveProperty('set-cookie')
  }

  it.each(TRICKS)('%j is looked up and never becomes a path of the disk', async (name) => {
    await writeFile(
      join(service().folder, '../secret.yaml'),
      `root: { name: ${MARK}, type: simple, schema: { type: string } }\n`,
    )
    for (const url of addresses(name)) await expectRefused(url)
  })

  it.each([
    '/api/types/..%2f..%2fsecret.yaml',
    '/api/types/%2e%2e%2fsecret.yaml',
    '/api/types/%2e%2e%5csecret.yaml',
    '/api/types/email.yaml%00',
    '/api/types/%ff%fe',
    '/api/types/%',
    '/api/types/%zz',
    '/api/types/%E0%A4%A',
    '/api/types/..;/secret.yaml',
    '/api/types//email.yaml',
  ])('in an odd encoding (%s) is refused', expectRefused)

  it('of any kind gives a clear answer', async () => {
    const unit = fc.constantFrom<'grapheme' | 'binary'>('grapheme', 'binary')
    const anyName = unit.chain((each) => fc.string({ unit: each, minLength: 1, maxLength: 60 }))
    // Clients take the last two for steps through the address.
    const known = new Set(['email.yaml', 'user', 'latest', '.', '..'])
    await fc.assert(
      fc.asyncProperty(
        anyName.filter((name) => !known.has(name)),
        async (name) => {
          for (const url of addresses(name)) {
            const { statusCode, body } = await service().inject(url)
            expect([400, 404, 414]).toContain(statusCode)
            expect(body).not.toContain(MARK)
          }
        },
      ),
      { numRuns: 10 },
    )
  })
})
