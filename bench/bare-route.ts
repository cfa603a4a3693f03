import Fastify from 'fastify'

/** A service with nothing but one route for each size that is asked for: what any answer of that size costs. */
const sizes = process.argv.slice(2).map(Number)
const app = Fastify()
for (const size of sizes) {
  const body = JSON.stringify('x'.repeat(Math.max(0, size - 2)))
  app.get(`/${size}`, (_request, reply) => reply.type('application/json').send(body))
}
console.log(JSON.stringify({ url: await app.listen({ host: '127.0.0.1', port: 0 }) }))
