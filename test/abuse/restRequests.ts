// REST requests at random: paths that are nearly right, methods, headers and bodies.

import type { Dice } from '../support/random.ts'
import type { AbuseRequest } from './exchange.ts'
import { oddTexts, oddTimes, oddValue } from './oddValues.ts'
import { wellFormed } from './reports.ts'

const parents = [
  '/api/servers',
  '/api/lastbackup',
  '/api/lastbackups',
  '/api/upload',
  '/api/summary',
  '/api/health',
  '/api/ready',
  '/metrics',
  '/api',
  '',
  '/graphql',
  '/graphql/files',
]
const known = [
  '/api/servers',
  '/api/servers/1',
  '/api/servers/2',
  '/api/servers/machine-3',
  '/api/lastbackup/1',
  '/api/lastbackups/host-4',
  '/api/summary',
  '/api/health',
  '/graphql',
] as const
const parts = [
  '1',
  '2',
  '0',
  '-1',
  '1.0',
  '01',
  '1e3',
  '9007199254740993',
  'machine-1',
  'host-1',
  'DB-1',
  '%00',
  '%ff',
  '%',
  '%2e%2e',
  '..',
  '.',
  '%2F',
  ';',
  '@',
  '~',
  '*',
  '%0d%0aX:y',
  '%F0%9F%99%82',
  '%ED%A0%80',
  "'--",
  'x'.repeat(5000),
  '__proto__',
  'constructor',
]
const methods = [
  'GET',
  'GET',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PUT',
  'PATCH',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'M-SEARCH',
  'QUERY',
]
const headerValues: Record<string, readonly string[]> = {
  'content-type': ['application/json', 'text/plain', 'multipart/form-data', ''],
  accept: ['*/*', 'text/html', 'application/json', '', ';q=1'],
  'accept-encoding': ['gzip', 'gzip;q=0', '*', 'gzip, gzip, gzip', ';;'],
  origin: ['null', 'http://evil.example', 'nonsense', 'http://localhost:9666', ''],
  host: [
    'localhost',
    'evil.example',
    '[::1',
    'a b',
    '',
    'localhost:99999',
    '127.0.0.1:9666',
    '::1',
    'x@y',
    'a/b',
    'a?b',
    'a#b',
    '%00',
  ],
  'sec-fetch-site': ['cross-site', 'same-origin', 'none', 'x'],
  'x-forwarded-for': ['1.2.3.4', 'nonsense', ',,,', '1.2.3.4, 5.6.7.8', '::1'],
  forwarded: ['for=1.2.3.4', ';;'],
  authorization: ['Bearer x', 'Bearer ', 'Basic eDp5', 'bearer dst_abcdefghijklmnop', 'Bearer \u00ff'],
  'x-request-id': ['abcdefgh', 'a', 'x'.repeat(100), '<b>', '\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9'],
  'if-none-match': ['*', '"x"', 'W/"x"'],
  range: ['bytes=0-0', 'bytes=-1', 'x'],
  cookie: ['a=b', '__proto__=1'],
  'access-control-request-method': ['PUT'],
  'content-encoding': ['gzip', 'nonsense'],
  te: ['trailers'],
}

export function abusedRest(dice: Dice): AbuseRequest {
  const method = dice.pick(methods)
  const names = Object.keys(headerValues).filter(() => dice.chance(0.12))
  const headers = Object.fromEntries(names.map((name) => [name, dice.pick(headerValues[name] as string[])]))
  const body = ['GET', 'HEAD'].includes(method) && dice.chance(0.9) ? null : bodyOf(dice)
  return { method, path: pathOf(dice), headers, body, chunked: dice.chance(0.2) }
}

function pathOf(dice: Dice): string {
  const odd = () => encodeURIComponent(wellFormed(dice.pick(oddTexts)))
  if (dice.chance(0.5)) return dice.pick(known)
  let path = dice.pick(parents)
  for (let count = dice.pick([0, 1, 1, 1, 1, 2, 5]); count > 0; count -= 1)
    path += `/${dice.chance(0.7) ? dice.pick(parts) : odd()}`
  if (dice.chance(0.05))
    path = dice.pick([
      '*',
      '//',
      '///api/servers',
      '/\\api',
      'http://evil.example/api/servers',
      `/${path}`,
      path.toUpperCase(),
      `${path}/`,
      `${path}#x`,
    ])
  if (dice.chance(0.2))
    path += `?${dice.pick(['', 'token=x', 'token=', 'machine=x', '%', '&&&==', 'a[]=b', `x=${odd()}`, 'query={__typename}'])}`
  return path.startsWith('?') ? `/${path}` : path || '/'
}

function bodyOf(dice: Dice): Buffer | null {
  const inputs = {
    alias: oddValue(dice),
    notes: dice.pick(oddTexts),
    url: dice.pick(['http://127.0.0.1:9/', 'javascript:1', ...oddTexts]),
  }
  switch (dice.below(8)) {
    case 0:
      return null
    case 1:
      return Buffer.from(JSON.stringify(oddValue(dice)))
    case 2:
      return Buffer.from(JSON.stringify({ ...inputs, ifUnmodifiedSince: dice.pick(oddTimes) }))
    case 3:
      return Buffer.from(JSON.stringify({ [dice.pick(oddTexts)]: oddValue(dice) }))
    case 4:
      return Buffer.from(Array.from({ length: dice.below(200) }, () => dice.below(256)))
    case 5:
      return Buffer.alloc(dice.pick([2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1]), dice.pick([' ', '[', '{"a":']))
    case 6:
      return Buffer.from(JSON.stringify({ alias: dice.pick(oddTexts) }))
    default:
      return Buffer.from(JSON.stringify(inputs))
  }
}
