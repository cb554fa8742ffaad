// The floor: what the machine can do. A bare HTTP server with statements written by hand and JSON.stringify, which gives
// the same data as ours and knows nothing else: npx tsx test/bench/floor/server.ts FILE
//
// It parses the body of every request, and commits every report by itself.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Database from 'better-sqlite3'
import { queries } from './queries.ts'
import { recorder } from './upload.ts'

const file = process.argv[2] ?? ''
const reader = new Database(file, { readonly: true, fileMustExist: true })
const writer = new Database(file, { fileMustExist: true })
writer.pragma('journal_mode = WAL')
writer.pragma('synchronous = FULL')
const answers = queries(reader, writer)
const record = recorder(writer)
const listeners = new Set<ServerResponse>()

const server = createServer((request, response) => {
  if (request.url === '/api/health') return send(response, { status: 'healthy' })
  read(request, (text) => {
    const body = JSON.parse(text)
    if (request.url === '/api/upload') {
      const id = record(body)
      for (const listener of listeners) listener.write(`data: {"data":{"backupRecorded":{"id":"Backup:${id}"}}}\n\n`)
      return send(response, { success: true, backup: { id }, duplicate: false })
    }
    if (body.operationName === 'listen') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      listeners.add(response)
      response.on('close', () => listeners.delete(response))
      return
    }
    send(response, { data: answers[body.operationName as keyof typeof answers](body.variables) })
  })
})

server.listen(0, '127.0.0.1', () => {
  console.log(`Listening on http://localhost:${(server.address() as AddressInfo).port}`)
})

process.once('SIGTERM', async () => {
  reader.close()
  await writer.close()
  process.exit()
})

function read(request: IncomingMessage, done: (text: string) => void) {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => done(Buffer.concat(chunks).toString()))
}

function send(response: ServerResponse, body: unknown) {
  const text = JSON.stringify(body)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text)
}
