// A server process with the clock that its parent tells it. Apart from that it is the server: it listens, and it watches the
// clock. Timers know nothing of such a clock, so that the parent also says when to look. It is built along with the server.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'

let now = new Date(process.env.NOW ?? '')
const log = pino({ level: 'error' })
const app = await createApp(readConfig({ DATABASE_URL: process.env.DATABASE_URL }), log, () => now)
const server = createServer(app.listener)
server.listen(0, '127.0.0.1', () => {
  app.watchTheClock()
  process.send?.({ listening: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
})

process.on('message', async ({ time, look }: { time: string; look: boolean }) => {
  // As the minutes of its clock pass: it does not sleep in between.
  await app.notePresence(new Date(time))
  now = new Date(time)
  if (!look) return process.send?.({ reached: time })
  app.catchUp().then(async () => {
    await app.writeDigests()
    // How long a far end takes is not waited for.
    app.deliver().catch((err) => log.error({ err }, 'Delivering failed'))
    process.send?.({ reached: time })
  })
})
// Its parent is gone.
process.on('disconnect', () => process.exit(1))
