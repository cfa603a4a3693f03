import { Ajv2020 } from 'ajv/dist/2020.js'
import ajvFormats from 'ajv-formats'
import type { FastifyInstance } from 'fastify'
import type { ValidateFunction } from 'ajv'
import { closed } from '../http/compile-schemas.ts'

interface Answer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

interface Media {
  readonly schema?: object
}

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>
}

type Document = Readonly<Record<string, unknown>> & {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

/** Tells what is wrong with an answer by the OpenAPI document of the service; nothing where it is as promised. */
export type JudgeResponse = (method: string, url: string, answer: Answer) => string | undefined

const addFormats = ajvFormats.default

/**
 * Judges answers by the document that clients are made from: the status must be documented for the route, the content type too, and a
 * JSON body must be as its schema says, without a property that the schema does not name.
 */
export function responseJudge(app: FastifyInstance): JudgeResponse {
  // Answers may not hold what the document does not name, although clients must bear more.
  const document = closed(app.swagger() as unknown as Document) as Document
  const ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }))
  ajv.addSchema({ ...document, $id: 'openapi' })
  const compiled = new Map<string, ValidateFunction>()
  const validatorFor = (pointer: string) => {
    const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `openapi#${encodeURI(pointer)}` })
    compiled.set(pointer, validate)
    return validate
  }
  const paths = Object.keys(document.paths)
  return (method, url, answer) => {
    const path = pathOf(paths, url) ?? ''
    // A HEAD is its GET without a body.
    const verb = method === 'HEAD' ? 'get' : method.toLowerCase()
    const operation = document.paths[path]?.[verb]
    const { statusCode } = answer
    const type = mediaType(answer)
    if (operation === undefined) return statusCode === 404 || statusCode === 405 ? judgeProblem(answer) : undefined
    const where = `${method} ${path} answered ${statusCode}`
    const response = operation.responses[String(statusCode)]
    if (response === undefined) return `${where}, which is not documented: ${answer.body.slice(0, 500)}`
    if (method === 'HEAD') return undefined
    if (type === '') return answer.body === '' ? undefined : `${where} with a body without a content type`
    if (response.content?.[type] === undefined) return `${where} with ${type}, which is not documented`
    if (!/[/+]json$/.test(type)) return undefined
    const steps = ['paths', path, verb, 'responses', String(statusCode), 'content', type, 'schema']
    const validate = validatorFor(`/${steps.map((each) => each.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`)
    if (validate(JSON.parse(answer.body))) return undefined
    return `${where} with a body that its schema refuses: ${ajv.errorsText(validate.errors)}\n${answer.body.slice(0, 2000)}`
  }

  function judgeProblem(answer: Answer): string | undefined {
    if (mediaType(answer) !== 'application/problem+json') return `${answer.statusCode} without application/problem+json`
    if (answer.body === '') return undefined
    const validate = validatorFor('/components/schemas/ProblemDetails')
    return validate(JSON.parse(answer.body)) ? undefined : ajv.errorsText(validate.errors)
  }
}

/** The path of the document that an address belongs to; fixed segments win over parameters, as in the router. */
function pathOf(paths: readonly string[], url: string): string | undefined {
  const parts = (url.split(/[?#]/, 1)[0] ?? '').replace(/\/$/, '').split('/')
  const fits = (path: string) => {
    const names = path.split('/')
    return names.length === parts.length && names.every((name, i) => name === parts[i] || isParameter(name))
  }
  const rank = (path: string) => path.split('/').map((name) => (isParameter(name) ? '1' : '0'))
  return paths.filter(fits).sort((a, b) => (rank(a).join('') < rank(b).join('') ? -1 : 1))[0]
}

const isParameter = (name: string) => name.startsWith('{') && name.endsWith('}')

const mediaType = ({ headers }: Answer): string =>
  (String(headers['content-type'] ?? '').split(';', 1)[0] ?? '').trim().toLowerCase()
