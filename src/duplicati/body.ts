// What a body holds: a report as JSON, or its text form, either of them bare or as a field of a form. The content type does not
// tell, because relays send any or none.

import { badInput } from '../domain/errors.ts'
import { parseJson } from './json.ts'
import { isTextForm, readTextForm } from './textForm.ts'

/** A document as readReport takes it. */
interface Body {
  document: unknown
  /** Whether it was made of the text form. */
  asText: boolean
}

/** Duplicati's own form has one; those of relays have some. */
const mostFields = 1000

/**
 * The report in a body.
 *
 * @throws DomainError BAD_USER_INPUT that says what to send
 */
export function parseBody(text: string): Body {
  if (!/^\s*[\w.%~+*-]+=/.test(text)) return parseReport(text)
  const fields = text.trim().split('&', mostFields).map(splitField)
  const reports = fields.filter(({ value }) => isJsonObject(value) || isTextForm(value))
  const report = reports.find(({ name }) => name === 'message') ?? reports[0]
  const isClear = report !== undefined && (report.name === 'message' || reports.length === 1)
  if (isClear) return parseReport(report.value)
  const names = [...new Set(fields.map(({ name }) => name.slice(0, 100)))].slice(0, 10).join(', ')
  throw badInput('This is not a report of Duplicati', [
    {
      path: '',
      message:
        reports.length > 1
          ? `is a form with several reports (${names}); the one to be taken must be called message`
          : `is a form without a report (${names}); set --send-http-json-urls, or leave --send-http-message as it is`,
    },
  ])
}

function parseReport(text: string): Body {
  const asText = isTextForm(text)
  return { document: asText ? readTextForm(text) : parseJson(text), asText }
}

const isJsonObject = (text: string) => /^\s*\{/.test(text)

function splitField(field: string): { name: string; value: string } {
  const equals = field.indexOf('=')
  if (equals === -1) return { name: decode(field), value: '' }
  return { name: decode(field.slice(0, equals)), value: decode(field.slice(equals + 1)) }
}

function decode(encoded: string): string {
  const text = encoded.replaceAll('+', ' ')
  try {
    return decodeURIComponent(text)
  } catch {
    // Slower, and makes the best of what is not properly encoded.
    return new URLSearchParams(`text=${encoded}`).get('text') ?? ''
  }
}
