// A server process with the clock that its parent tells it. Apart from that it is the server: it listens, and it watches the
// clock. Timers know nothing of such a clock, so that the parent also says when to look. Takes the folder of the compiled
// sources.

import { createServer } from 'node:http'
import { pathToFileURL } from 'node:url'
import { pino } from 'pino'

const source = (name) => import(pathToFileURL(`${process.argv[2]}/${name}`).href)
const { createApp } = await source('app.js')
const { readConfig } = await source('config.js')

let now = new Date(process.env.NOW)
const log = pino({ level: 'error' })
const app = await createApp(readConfig({ DATABASE_URL: process.env.DATABASE_URL }), log, () => now)
const server = createServer(app.listener)
server.listen(0, '127.0.0.1', () => {
  app.watchTheClock()
  process.send({ listening: `http://127.0.0.1:${server.address().port}` })
})

process.on('message', ({ time, look }) => {
  now = new Date(time)
  if (!look) return process.send({ reached: time })
  app.catchUp().then(() => {
    // How long a far end takes is not waited for.
    app.deliver().catch((err) => log.error({ err }, 'Delivering failed'))
    process.send({ reached: time })
  })
})
// Its parent is gone.
process.on('disconnect', () => process.exit(1))
