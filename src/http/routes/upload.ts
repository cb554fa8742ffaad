// POST /api/upload: where Duplicati posts its reports.

import { readReportText } from '../../duplicati/reportText.ts'
import type { Context } from '../../services/context.ts'
import { takeReport } from '../../services/reports/takeReport.ts'
import type { Allowance } from '../door/bodyMemory.ts'
import { refuseOtherForms } from '../door/otherForms.ts'
import { readUnpacked } from '../door/unpack.ts'
import { json } from '../respond.ts'

/**
 * Answers 200 once the run is safely stored, and 200 for a repetition: Duplicati tries again on anything else. The content
 * type is not looked at, because relays send any or none. `?machine=NAME` names the machine for releases that do not.
 */
export async function upload(request: Request, context: Context, _: string, allowance: Allowance): Promise<Response> {
  const { maxReportBytes, maxLogLines, publicUrl } = context.config
  const bytes = await readUnpacked(request, maxReportBytes, allowance)
  refuseOtherForms(bytes, request.headers.get('content-type') ?? '', publicUrl)
  const machine = new URL(request.url).searchParams.get('machine')
  const read = await readReportText(bytes, { machine, maxLogLines })
  const taken = await takeReport(context, read)
  if ('ignored' in taken) return json({ success: true, ignored: taken.ignored })
  return json({ success: true, backup: { id: taken.backupId }, duplicate: taken.duplicate })
}
