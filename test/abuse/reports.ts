// Reports as no Duplicati sends them, made from those it does send: of each, a few things are changed.

import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { Dice } from '../support/random.ts'
import type { AbuseRequest } from './exchange.ts'
import { giant, oddTexts, oddTimes, oddValue } from './oddValues.ts'

const samples = ['success', 'warning', 'fatal', 'restore'].map((name) =>
  readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'),
)

type Node = Record<string, unknown> | unknown[]

export function abusedReport(dice: Dice, index: number): AbuseRequest {
  const report = JSON.parse(dice.pick(samples))
  if (dice.chance(0.8)) {
    // Most are runs of their own, on a few machines.
    report.Data.BeginTime = new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString()
    report.Extra['machine-id'] = `machine-${index % 20}`
    report.Extra['machine-name'] = `host-${index % 17}`
    report.Extra['backup-id'] = `DB-${index % 7}`
  }
  for (let changes = dice.below(4); changes > 0; changes -= 1) change(report, dice)
  const text = abusedText(JSON.stringify(report), dice)
  const { body, headers } = encoded(text, dice)
  const machine = dice.chance(0.1) ? `?machine=${encodeURIComponent(wellFormed(dice.pick(oddTexts)))}` : ''
  return {
    method: dice.chance(0.9) ? 'POST' : 'PUT',
    path: `/api/upload${machine}`,
    headers: { 'content-type': dice.pick(['application/json', 'text/plain', 'nonsense']), ...headers },
    body,
    chunked: dice.chance(0.2),
  }
}

/** Changes one thing somewhere inside. */
function change(report: Node, dice: Dice) {
  const places = nodesOf(report)
  const node = dice.pick(places)
  const keys = Object.keys(node)
  const key = keys.length > 0 ? dice.pick(keys) : 'new'
  const place = node as Record<string, unknown>
  const old = place[key]
  const kind = dice.below(8)
  if (kind === 0) delete place[key]
  else if (kind === 1) place[`${key}${dice.pick(oddTexts)}`] = old
  else if (kind === 2) place[key] = typeof old === 'number' ? String(old) : Number(old)
  else if (kind === 3) place[key] = [old]
  else if (kind === 4) place[key] = dice.pick(oddTimes)
  else if (kind === 5) place[key] = `${old}${dice.pick(oddTexts)}`
  else if (kind === 6 && Array.isArray(old))
    place[key] = Array.from({ length: dice.below(3000) }, () => old[0] ?? 'line')
  else place[key] = oddValue(dice)
}

function nodesOf(value: unknown): Node[] {
  if (typeof value !== 'object' || value === null) return []
  return [value as Node, ...Object.values(value).flatMap(nodesOf)]
}

/** What only the text can hold. */
function abusedText(text: string, dice: Dice): string {
  const at = dice.below(text.length)
  switch (dice.below(30)) {
    case 0:
      return text.slice(0, at)
    case 1:
      return `${text.slice(0, at)}${dice.pick(oddTexts)}${text.slice(at)}`
    case 2:
      return text.replaceAll(
        /(:)(\d+)/g,
        () => `:${dice.pick(['NaN', '-Infinity', '1e999', '00', '1'.repeat(400), '-0', '.5'])}`,
      )
    case 3:
      return text.replace(/(\{)("[^"]+":)/, (_, brace, key) => `${brace}${key}1,${key}`)
    case 4:
      return `${'['.repeat(at)}${text}${dice.chance(0.5) ? ']'.repeat(at) : ''}`
    case 5:
      return text.replace('"LogLines":', `"LogLines":${'[{"a":'.repeat(20_000)}`)
    case 6:
      return dice.chance(0.1)
        ? text.replace(/("backup-name":")/, `$1${JSON.stringify(giant(dice)).slice(1, -1)}`)
        : text
    case 7:
      return text.replaceAll(
        /(:)(\d+)/g,
        () => `:${dice.pick(['9007199254740993', '-9223372036854775809', '18446744073709551616'])}`,
      )
    case 8:
      return text.replaceAll('"', "'")
    case 9:
      return `${text}${dice.pick([text, '\u0000', ',', '}', '\n\n'])}`
    case 10:
      return dice.pick(['', 'null', '[]', '{}', '""', '0', 'true', '<html></html>', 'Duplicati: Success'])
    default:
      return text
  }
}

function encoded(text: string, dice: Dice): { body: Buffer; headers: Record<string, string> } {
  switch (dice.below(40)) {
    case 0:
      return { body: Buffer.from(text, 'utf16le'), headers: {} }
    case 1:
      return { body: Buffer.from(text, 'latin1'), headers: { 'content-type': 'application/json; charset=latin1' } }
    case 2:
      return { body: Buffer.from(`\ufeff${text}`), headers: {} }
    case 3:
      return { body: gzipSync(text), headers: { 'content-encoding': 'gzip' } }
    case 4:
      return { body: gzipSync(text), headers: {} }
    case 5:
      return {
        body: Buffer.from(`--x\r\nContent-Disposition: form-data; name="message"\r\n\r\n${text}\r\n--x--\r\n`),
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
      }
    case 6:
      return {
        body: Buffer.from(`message=${encodeURIComponent(wellFormed(text))}`),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }
    case 7: {
      const body = Buffer.from(text)
      for (let flips = 1 + dice.below(20); flips > 0 && body.length > 0; flips -= 1) {
        body[dice.below(body.length)] = dice.below(256)
      }
      return { body, headers: {} }
    }
    case 8:
      return { body: Buffer.from(text), headers: { 'content-encoding': dice.pick(['br', 'identity', 'nonsense']) } }
    default:
      return { body: Buffer.from(text), headers: {} }
  }
}

export function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\ufffd')
}
