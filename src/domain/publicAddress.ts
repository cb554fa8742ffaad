// Where others reach this server: what stands in the lines that people copy.

/**
 * Where Duplicati posts its reports.
 *
 * @param publicUrl like `https://backups.example`; null: nobody said, and the path alone is certain
 */
export function uploadAddress(publicUrl: string | null): string {
  return `${publicUrl ?? ''}/api/upload`
}

/** The page of a job, for people; null where nobody said under which address they reach this server. */
export function jobPage(publicUrl: string | null, jobId: number): string | null {
  return publicUrl && `${publicUrl}/jobs/${jobId}`
}

/** The page of a server, for people; null where nobody said under which address they reach this server. */
export function serverPage(publicUrl: string | null, serverId: number): string | null {
  return publicUrl && `${publicUrl}/servers/${serverId}`
}

/** Where a link in a message leads; see messageLink. */
export function linkAddress(publicUrl: string, link: string): string {
  return `${publicUrl}/api/link/${link}`
}

/** The option for Duplicati that makes it post its reports, to be pasted as it is where `publicUrl` is known. */
export function uploadOption(publicUrl: string | null, token = ''): string {
  return `--send-http-json-urls=${uploadAddress(publicUrl ?? 'http://SERVER:9666')}${token && `/${token}`}`
}
