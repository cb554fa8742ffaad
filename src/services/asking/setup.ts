// What is missing for a Duplicati to be watched well.

import type { Checked } from '../../database/tables/connectionTable.ts'
import { uploadAddress } from '../../domain/publicAddress.ts'
import type { Context } from '../context.ts'
import type { AskedDuplicati } from './readDuplicati.ts'

export function setupOf(
  { config }: Pick<Context, 'config'>,
  { settings, jobs }: AskedDuplicati,
): Pick<Checked, 'reportsToUs' | 'missing'> {
  const { publicUrl } = config
  if (publicUrl === null) {
    return { reportsToUs: null, missing: ['PUBLIC_URL is not set, so nobody knows whether it reports to this server.'] }
  }
  const isOurs = (urls: string | null) => (urls ?? '').split(';').some((url) => isUploadAddress(url, publicUrl))
  const everywhere = isOurs(settings.jsonUrls) || isOurs(settings.additionalReportUrl)
  const elsewhere = jobs.filter(({ overrides: { jsonUrls } }) => jsonUrls !== null && !isOurs(jsonUrls))
  const missing = everywhere
    ? elsewhere.map(
        ({ name }) => `${name} has addresses of its own for its reports, and this server is not among them.`,
      )
    : ['It does not report to this server: reportHere adds the address.']
  const synced = jobs.filter(({ job }) => job.operationType === 'Sync').map(({ name }) => name)
  if (synced.length > 0) missing.push(`Sync jobs send no reports and have no log: ${synced.join(', ')}.`)
  return { reportsToUs: everywhere, missing }
}

/** Whether reports that are posted there arrive here; a token may stand in the address. */
export function isUploadAddress(address: string, publicUrl: string): boolean {
  if (!URL.canParse(address.trim())) return false
  const [ours, there] = [new URL(uploadAddress(publicUrl)), new URL(address.trim())]
  return (
    there.origin === ours.origin && (there.pathname === ours.pathname || there.pathname.startsWith(`${ours.pathname}/`))
  )
}
