// What people post to /api/upload when they try it by hand, in forms that Duplicati never sends. The answer says what to send, not
// at which byte it is no JSON.

import { badInput } from '../../domain/errors.ts'
import { uploadAddress } from '../../domain/publicAddress.ts'

/** The command that posts a report, as a hint. */
export function uploadCommand(publicUrl: string | null): string {
  const address = uploadAddress(publicUrl ?? 'http://SERVER:9666')
  return `curl -H "content-type: application/json" --data-binary @report.json ${address}`
}

/** @throws DomainError BAD_USER_INPUT for a body that cannot be a report, whatever is in it */
export function refuseOtherForms(bytes: Uint8Array, contentType: string, publicUrl: string | null): void {
  const form = formOf(bytes, contentType, publicUrl)
  if (form !== null) throw badInput('This is not a report of Duplicati', [{ path: '', message: form }])
}

function formOf(bytes: Uint8Array, contentType: string, publicUrl: string | null): string | null {
  const begin = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).toString('latin1')
  const command = uploadCommand(publicUrl)
  // Relays leave the content type out, so that the body counts too.
  const isMultipart = /^\s*--[^\r\n]+\r?\ncontent-disposition:/i.test(begin)
  if (isMultipart || (/^multipart\//i.test(contentType) && /^\s*--/.test(begin))) {
    return `is a multipart form, as curl -F sends it; send the report alone: ${command}`
  }
  if (begin.startsWith('PK\x03\x04')) return 'is a ZIP archive; send the report in it'
  if (begin.startsWith('\x1f\x8b')) return 'is compressed with gzip; say so in the header Content-Encoding: gzip'
  if (['\xff\xfe', '\xfe\xff', '{\0', '\0{'].some((first) => begin.startsWith(first)))
    return 'is UTF-16; send it as UTF-8'
  if (bytes.length < 1024 && /^\s*[^\s{}"=]+\.(?:json|txt)\s*$/.test(begin)) {
    return `is the name of a file, and not what is in it; with curl, an @ belongs before it: ${command}`
  }
  return null
}
