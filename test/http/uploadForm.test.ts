// Reports in the text form and in forms, at the front door: what is stored, what is counted, and what stays as it was.

import { describe, expect, it } from 'vitest'
import { readHere, readReportText } from '../../src/duplicati/reportText.ts'
import { fixture, startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const text = `Duplicati Backup report for Photos (machine-1, DB-1, nas)

SizeOfExaminedFiles: 60.000
MainOperation: Backup
ParsedResult: Success
Version: 2.3.0.4 (Current)
EndTime: 8/1/2026 04:10:00 (1785553800)
ExaminedFiles: 60
BeginTime: 8/1/2026 04:00:00 (1785553200)
Duration: 00:10:00`
const encoded = encodeURIComponent(text)
const json = JSON.stringify(report())
const taken = { status: 200, body: { success: true, backup: { id: 1 }, duplicate: false } }

const stored = async (app: TestApp) =>
  (await app.graphql('{ backups { nodes { job { name } server { name } } } }')).data
const photos = { backups: { nodes: [{ job: { name: 'Photos' }, server: { name: 'nas' } }] } }

it.each<[string, string]>([
  ['the text alone', text],
  ['the text after a mark and white space', `\ufeff\r\n ${text}`],
  ['a form', `message=${encoded}`],
  ['a form with spaces as plus signs', `message=${encoded.replaceAll('%20', '+')}`],
  ['a form that is not properly encoded', `message=${encoded}%0A%E4x%`],
  ['a form with other fields', `token=abc&message=${encoded}&a=1`],
  ['a form whose other fields are one', `message=${encoded}&a%3D1%26b%3D2`],
  ['a form with another name for the message', `body=${encoded}&token=abc`],
  ['a form with another report beside the message', `copy=${encodeURIComponent('{}')}&message=${encoded}`],
  ['JSON in a form', `message=${encodeURIComponent(json)}`],
  ['JSON in a form under another name', `payload=${encodeURIComponent(json)}&x=1`],
])('takes %s', async (_, body) => {
  const app = await startApp()
  expect(await app.rest('POST', '/api/upload', body)).toEqual(taken)
  expect(await stored(app)).toEqual(photos)
})

it.each(['application/x-www-form-urlencoded', 'text/plain', 'application/json', ''])(
  'does not ask for the content type: %j',
  async (type) => {
    const app = await startApp()
    const headers = { 'content-type': type }
    for (const body of [text, `message=${encoded}`]) {
      expect((await app.fetch('/api/upload', { method: 'POST', headers, body })).status).toBe(200)
    }
    expect(await stored(app)).toEqual(photos)
  },
)

it('takes figures at the source from a text, and leaves those at the destination as they are', async () => {
  const app = await startApp()
  await app.post(report({ data: { BeginTime: '2026-07-30T02:00:00Z', ExaminedFiles: 60 } }))
  await app.rest('POST', '/api/upload', `message=${encoded}`)
  const { data } = await app.graphql(
    '{ backups(first: 1) { nodes { sourceSize storedSize versions job { state lastStatus storedSize versions } } } }',
  )
  const job = { state: 'OK', lastStatus: 'SUCCESS', storedSize: 70_000, versions: 7 }
  expect(data).toEqual({ backups: { nodes: [{ sourceSize: 60_000, storedSize: null, versions: null, job }] } })
})

describe('what people send by hand', () => {
  const command =
    'curl -H "content-type: application/json" --data-binary @report.json https://backups.example/api/upload'
  const packed = (begin: string) => Buffer.concat([Buffer.from(begin, 'latin1'), Buffer.from(json)])
  const multipart = `--xyz\r\nContent-Disposition: form-data; name="file"; filename="report.json"\r\nContent-Type: application/json\r\n\r\n${json}\r\n--xyz--\r\n`
  const asMultipart = 'multipart/form-data; boundary=xyz'

  it.each<[string, BodyInit, string, string]>([
    ['curl -F', multipart, asMultipart, `is a multipart form, as curl -F sends it; send the report alone: ${command}`],
    [
      'curl -F through a relay',
      multipart,
      '',
      `is a multipart form, as curl -F sends it; send the report alone: ${command}`,
    ],
    ['a ZIP archive', packed('PK\x03\x04'), '', 'is a ZIP archive; send the report in it'],
    [
      'what gzip made',
      packed('\x1f\x8b\x08'),
      '',
      'is compressed with gzip; say so in the header Content-Encoding: gzip',
    ],
    ['UTF-16', packed('\xff\xfe'), '', 'is UTF-16; send it as UTF-8'],
    [
      'curl -d report.json',
      'report.json',
      'application/x-www-form-urlencoded',
      `is the name of a file, and not what is in it; with curl, an @ belongs before it: ${command}`,
    ],
  ])('is told what to send instead: %s', async (_, body, type, message) => {
    const app = await startApp({ environment: { PUBLIC_URL: 'https://backups.example' } })
    const response = await app.fetch('/api/upload', { method: 'POST', headers: { 'content-type': type }, body })
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        status: 'error',
        error: {
          code: 'BAD_USER_INPUT',
          message: `This is not a report of Duplicati: ${message}`,
          issues: [{ path: '', message }],
        },
      },
    ])
  })

  it.each<[string, RequestInit]>([
    ['curl -T', { method: 'PUT' }],
    ['curl -d', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['JSON that is called multipart', { headers: { 'content-type': asMultipart } }],
  ])('is taken where it is the report: %s', async (_, init) => {
    const response = await (await startApp()).fetch('/api/upload', { method: 'POST', body: json, ...init })
    expect([response.status, await response.json()]).toEqual([200, taken.body])
  })
})

it('counts a text that is refused, and tells the log why', async () => {
  const logged: string[] = []
  const app = await startApp({ logged })
  expect((await app.rest('POST', '/api/upload', 'message=Photos%0AParsedResult%3A+Success')).status).toBe(400)
  const metrics = await (await app.fetch('/metrics')).text()
  expect(metrics).toContain('duplistatus_uploads_total{outcome="refused",code="BAD_USER_INPUT"} 1\n')
  expect(logged.filter((line) => line.includes('--send-http-json-urls'))).toHaveLength(1)
})

it('reads a long text as it reads a short one', async () => {
  const lines = Array.from(
    { length: 20_000 },
    (_, index) => `2026-08-01 02:00:00 +00 - [Warning-A]: ${index} äöü\n  at x`,
  )
  const options = { machine: null, maxLogLines: 10 }
  for (const body of [`${text}\nLog data:\n${lines.join('\n')}`, 'Duplicati Backup report for x\n'.repeat(30_000)]) {
    for (const whole of [body, `message=${encodeURIComponent(body)}`]) {
      const bytes = () => Uint8Array.from(Buffer.from(whole))
      const here = await Promise.resolve()
        .then(() => readHere(bytes(), options))
        .catch((error) => error.message)
      const elsewhere = await readReportText(bytes(), options).catch((error) => error.message)
      expect(elsewhere).toEqual(here)
    }
  }
})

it('is not held up by long texts that are made to be hard to read', () => {
  const size = 300_000
  const bodies = [
    `Duplicati${' '.repeat(size)}`,
    `Duplicati Backup report for ${'('.repeat(size)})`,
    `Duplicati Backup report for ${'(a, b, ()\n'.repeat(size / 10)}`,
    `${text}\nLimitedErrors: [\n${'    a,\n'.repeat(size / 7)}`,
    `${text}\nAddedFiles: ${'1.'.repeat(size)}`,
    `${text}\nEndTime: ${'('.repeat(size)}`,
    `${text}\nLog data:\n${'[Error-'.repeat(size / 7)}`,
    'a='.repeat(size),
    'a&'.repeat(size),
    `Failed: ${'\nDetails: '.repeat(size / 10)}`,
  ]
  for (const body of bodies) {
    const began = performance.now()
    try {
      readHere(new TextEncoder().encode(body), { machine: null, maxLogLines: 10 })
    } catch (error) {
      expect(error).toMatchObject({ name: 'DomainError' })
    }
    expect([performance.now() - began < 2000, body.slice(0, 40)]).toEqual([true, body.slice(0, 40)])
  }
})

it('knows a genuine text that is packed in a form by its ids', async () => {
  const app = await startApp({ now: '2026-11-30T05:00:00Z' })
  await app.rest('POST', '/api/upload', await fixture('genuine/2.1.0.5-dry-run.json'))
  await app.rest('POST', '/api/upload', await fixture('genuine/2.1.0.5-script-before-exit-3-text.txt'))
  const { data } = await app.graphql('{ servers { totalCount } backupJobs { totalCount } }')
  expect(data).toEqual({ servers: { totalCount: 1 }, backupJobs: { totalCount: 1 } })
})
