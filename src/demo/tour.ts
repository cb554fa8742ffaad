// What is said of the invented history once it is served.

import type { Summary } from '../services/upkeep/summary.ts'

/** Where it is, and what there is to look at. */
export function tour(address: string, { totalServers, totalBackupJobs, totalBackups }: Summary): string {
  return `
${totalServers} servers, ${totalBackupJobs} jobs and ${totalBackups} runs are at

  ${address}               the page
  ${address}/graphql       GraphiQL; its tabs hold examples to run
  ${address}/api/servers   REST

What to look at:

  laptop-anna   has been silent for ten days: its jobs are OVERDUE. Home is expected every day, and missed those on which
                the laptop slept
  web-01        Postgres dumps was due half an hour ago: LATE
  OFFICE-PC     Outlook archive has FAILED for three days, with an exception; Documents has WARNINGs, with log lines;
                Scans has had one run
  nas           has an alias and notes; Photos and videos was called Pictures until half a year ago;
                Documents found most of its files changed five days ago, which is remarked as unusual;
                Archive disk is only run by hand; Cold storage (trial) is NEW: dry runs count nowhere
  paperless     is there twice: its container was made anew three months ago, and has another id since then;
                Scanned documents lists its available versions
  filesrv-old   ran Duplicati 2.0.6 until half a year ago; it announces no next run, and is never late

Nothing reports here: what is due becomes late. Ctrl-C stops this server and deletes its database.
`
}
