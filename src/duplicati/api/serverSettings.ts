// The settings of a Duplicati and the options that it gives to all of its jobs, as far as they tell where it reports, as whom, and
// when. Of the others, which can be secret, nothing is kept.

import { z } from 'zod'
import type { Duplicati } from './session.ts'
import { optionalText, optionalTime } from './values.ts'

export interface ServerSettings {
  /** `--send-http-json-urls`, as it is: addresses with `;` between them. They can hold tokens. */
  jsonUrls: string | null
  /** `--send-http-url` and `--send-http-form-urls`, for reports in other forms. */
  otherReportUrls: string[]
  /** Set by Duplicati's own console, in addition to those. */
  additionalReportUrl: string | null
  /** `--machine-id` and `--machine-name`, which reports then carry. */
  machineId: string | null
  machineName: string | null
  pausedUntil: Date | null
  /** By whose clock jobs run; null if it is the machine's. As it was set, which may be no IANA name. */
  timeZone: string | null
}

const path = 'api/v1/serversettings'

const serverSettings = z
  .object({
    '--send-http-json-urls': optionalText,
    '--send-http-url': optionalText,
    '--send-http-form-urls': optionalText,
    'additional-report-url': optionalText,
    '--machine-id': optionalText,
    '--machine-name': optionalText,
    'paused-until': optionalTime,
    'server-timezone': optionalText,
  })
  .transform(
    (settings): ServerSettings => ({
      jsonUrls: settings['--send-http-json-urls'],
      otherReportUrls: [settings['--send-http-url'], settings['--send-http-form-urls']].filter((url) => url !== null),
      additionalReportUrl: settings['additional-report-url'],
      machineId: settings['--machine-id'],
      machineName: settings['--machine-name'],
      pausedUntil: settings['paused-until'],
      timeZone: settings['server-timezone'],
    }),
  )

export function readServerSettings(duplicati: Duplicati): Promise<ServerSettings> {
  return duplicati.get(path, serverSettings)
}

/**
 * Sets where all jobs post their reports, unless a job has addresses of its own. Other settings stay as they are.
 *
 * @param jsonUrls as `withReportAddress` makes it
 */
export function setJsonUrls(duplicati: Duplicati, jsonUrls: string): Promise<void> {
  return duplicati.patch(path, { '--send-http-json-urls': jsonUrls })
}

/**
 * The present addresses with ours among them: in the place of the one that has its origin and path, or else at the end. Those of
 * others stay as they are.
 *
 * @param present `--send-http-json-urls`; `;` parts addresses, and a comma does not
 * @param ours where this server takes reports
 */
export function withReportAddress(present: string | null, ours: string): string {
  const addresses = present?.trim() ? present.split(';') : []
  const place = addresses.findIndex((address) => isSamePlace(address, ours))
  if (place === -1) return [...addresses, ours].join(';')
  return addresses
    .flatMap((address, index) => (index === place ? ours : isSamePlace(address, ours) ? [] : address))
    .join(';')
}

function isSamePlace(address: string, ours: string): boolean {
  return URL.canParse(address) && placeOf(address) === placeOf(ours)
}

/** A token may stand behind it, and is another one each time. */
function placeOf(address: string): string {
  const { origin, pathname } = new URL(address)
  return origin + pathname
}
