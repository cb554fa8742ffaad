// Where a Duplicati reports, and how this server gets among the addresses.

import { expect, it } from 'vitest'
import { readServerSettings, setJsonUrls, withReportAddress } from '../../../src/duplicati/api/serverSettings.ts'
import { withDuplicati } from '../../../src/duplicati/api/session.ts'
import { password, startDuplicati } from '../../support/duplicati/emulator.ts'
import { generations } from '../../support/duplicati/recorded.ts'

const ours = 'https://backups.example/api/upload?token=new'

it.each<[string | null, string]>([
  [null, ours],
  ['', ours],
  ['  ', ours],
  [ours, ours],
  ['https://backups.example/api/upload', ours],
  ['https://backups.example/api/upload?token=old', ours],
  ['https://BACKUPS.example:443/api/upload?token=old', ours],
  [' https://backups.example/api/upload ', ours],
  ['https://other.example/a', `https://other.example/a;${ours}`],
  ['https://other.example/a,b', `https://other.example/a,b;${ours}`],
  ['http://backups.example/api/upload', `http://backups.example/api/upload;${ours}`],
  ['https://backups.example/api/upload/x', `https://backups.example/api/upload/x;${ours}`],
  ['https://backups.example:8443/api/upload', `https://backups.example:8443/api/upload;${ours}`],
  ['a;https://backups.example/api/upload?token=old;b', `a;${ours};b`],
  ['https://backups.example/api/upload;b;https://backups.example/api/upload?x', `${ours};b`],
  ['not an address; https://other.example ', `not an address; https://other.example ;${ours}`],
])('%s becomes %s', (present, expected) => {
  expect(withReportAddress(present, ours)).toBe(expected)
  expect(withReportAddress(expected, ours)).toBe(expected)
})

it.each(generations)('%s takes the addresses, and keeps its other settings', async (generation) => {
  const emulator = await startDuplicati(generation)
  const before = { ...emulator.settings }
  const access = { url: emulator.url, credential: { password }, certificateFingerprint: null }
  await withDuplicati(access, async (duplicati) => {
    const { jsonUrls } = await readServerSettings(duplicati)
    await setJsonUrls(duplicati, withReportAddress(jsonUrls, ours))
    expect(await readServerSettings(duplicati)).toEqual({
      jsonUrls: `https://duplistatus.example/api/upload?token=REPORT;${ours}`,
      otherReportUrls: [],
      additionalReportUrl: null,
      machineId: null,
      machineName: null,
      pausedUntil: null,
      timeZone: null,
    })
  })
  expect({ ...emulator.settings, '--send-http-json-urls': '' }).toEqual({ ...before, '--send-http-json-urls': '' })
})

it('tells who and where a Duplicati says it is', async () => {
  const emulator = await startDuplicati('2.3.0.4')
  Object.assign(emulator.settings, {
    '--send-http-json-urls': null,
    '--send-http-url': 'https://a.example',
    '--send-http-form-urls': 'https://b.example;https://c.example',
    'additional-report-url': 'https://d.example',
    '--machine-id': 'mine',
    '--machine-name': {},
    'paused-until': '2026-11-30T04:41:08.1730079Z',
    'server-timezone': 'Europe/Berlin',
    '--passphrase': 'hunter2',
  })
  const access = { url: emulator.url, credential: { password }, certificateFingerprint: null }
  expect(await withDuplicati(access, readServerSettings)).toEqual({
    jsonUrls: null,
    otherReportUrls: ['https://a.example', 'https://b.example;https://c.example'],
    additionalReportUrl: 'https://d.example',
    machineId: 'mine',
    machineName: null,
    pausedUntil: new Date('2026-11-30T04:41:08.173Z'),
    timeZone: 'Europe/Berlin',
  })
})
