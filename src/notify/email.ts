// Tells by e-mail, through nodemailer and the SMTP server of the person who runs this.
//
// The mail is plain text: the templates are, and every reader shows it. Everything in it, its date too, is the same at every
// try, so that mail systems which look for a known Message-ID drop a repetition.

import type { SendMailOptions } from 'nodemailer'
import { z } from 'zod'
import type { Priority } from '../domain/messages/notification.ts'
import { actionLines, ChannelError, type ChannelKind } from './channel.ts'

type EmailSettings = {
  host: string
  port: number | null
  security: keyof typeof usualPorts
  allowUntrustedCertificate: boolean
  user: string | null
  password: string | null
  from: string
  to: string[]
}

/** RFC 8314, 3.3 (implicit TLS), RFC 6409 (submission), RFC 5321 (relay). */
const usualPorts = { TLS: 465, STARTTLS: 587, NONE: 25 } as const

const mailPriorities = {
  MIN: 'low',
  LOW: 'low',
  DEFAULT: undefined,
  HIGH: 'high',
  URGENT: 'high',
} as const satisfies Record<Priority, SendMailOptions['priority']>

/** One line of text, without control characters. */
const line = (max: number) =>
  z
    .string('must be text')
    .trim()
    .min(1, 'must not be empty')
    .max(max, `must not exceed ${max} characters`)
    .regex(/^\P{Cc}*$/u, 'must not hold line breaks or other control characters')

const mailbox = line(320).pipe(
  z.string().refine((text) => {
    const address = mailboxOf(text)?.address
    // The pattern of browsers: it lets names of hosts without a dot through, which networks at home have.
    return address !== undefined && z.regexes.html5Email.test(address)
  }, 'must be an address, like ops@example.org or Backups <backups@example.org>'),
)

export const email: ChannelKind<EmailSettings> = {
  kind: 'EMAIL',
  description: 'E-mail through an SMTP server.',
  fields: {
    host: {
      type: 'String',
      description: 'The SMTP server.',
      required: true,
      schema: z
        .string('must be text')
        .trim()
        .regex(/^[\w.:-]{1,253}$/, 'must be the name or the address of a host'),
    },
    port: {
      type: 'Int',
      description: 'Its port; null for the usual one: 465 for TLS, 587 for STARTTLS, 25 for NONE.',
      schema: z.int('must be a whole number').min(1, 'must be 1 or more').max(65535, 'must be 65535 or less'),
    },
    security: {
      type: {
        name: 'MailSecurity',
        values: {
          TLS: 'Encrypted from the beginning.',
          STARTTLS: 'Encrypted after a first exchange. Nothing is sent if the server does not support this.',
          NONE: 'Not encrypted: for servers on the same machine or network.',
        },
      },
      description: 'How the connection is encrypted.',
      default: 'STARTTLS',
      schema: z.enum(['TLS', 'STARTTLS', 'NONE'], { error: 'must be TLS, STARTTLS or NONE' }),
    },
    allowUntrustedCertificate: {
      type: 'Boolean',
      description:
        'Whether to accept any certificate, even a self-signed one. Somebody between this server and the mail server can then read the mails and the password. If you have your own CA, use NODE_EXTRA_CA_CERTS instead.',
      default: false,
      schema: z.boolean('must be true or false'),
    },
    user: {
      type: 'String',
      description: 'The user name; null to send without a login.',
      schema: line(200),
    },
    password: {
      type: 'String',
      description: 'The password.',
      secret: true,
      schema: z.string('must be text').min(1, 'must not be empty').max(1000, 'must not exceed 1000 characters'),
    },
    from: {
      type: 'String',
      description: 'The sender, like Backups <backups@example.org>.',
      required: true,
      schema: mailbox,
    },
    to: {
      type: 'String',
      list: true,
      description: 'The recipients: 1 to 20 addresses.',
      required: true,
      schema: z
        .array(mailbox, 'must be a list of addresses')
        .min(1, 'must hold at least one address')
        .max(20, 'must not hold more than 20 addresses'),
    },
  },
  secretsGoTo: 'host',
  issues({ user, password }) {
    if ((user === null) === (password === null)) return []
    return [user === null ? { path: 'user', message: 'must be set, as there is a password' } : noPassword]
  },
  async send(settings, outgoing, signal) {
    const { key, createdAt, title, message, priority, link } = outgoing
    const { security, user, password } = settings
    const from = mailboxOf(settings.from)
    // Loaded with the first mail: most servers send none.
    const { createTransport } = await import('nodemailer')
    const transport = createTransport({
      host: settings.host,
      port: settings.port ?? usualPorts[security],
      secure: security === 'TLS',
      requireTLS: security === 'STARTTLS',
      ignoreTLS: security === 'NONE',
      tls: { rejectUnauthorized: !settings.allowUntrustedCertificate },
      ...(user !== null && { auth: { user, pass: password ?? '' } }),
      disableFileAccess: true,
      disableUrlAccess: true,
    })
    try {
      const sent = await transport.sendMail({
        // RFC 5322, 3.6.4: unique, and of a domain that is the sender's.
        messageId: `<${key}@${from?.address.split('@').pop()}>`,
        date: createdAt,
        from,
        to: settings.to.flatMap((text) => mailboxOf(text) ?? []),
        subject: title,
        text: message + actionLines(outgoing) + (link === null ? '' : `\n\n${link}`),
        priority: mailPriorities[priority],
        // RFC 3834, 5: keeps absence notices from being sent back.
        headers: { 'auto-submitted': 'auto-generated' },
        signal,
      })
      const refused = sent.rejectedErrors?.map(({ message }) => message) ?? []
      return [sent.response, ...refused].join('; ')
    } catch (error) {
      throw asChannelError(error as SmtpFailure, settings.host, signal)
    }
  },
}

const noPassword = { path: 'password', message: 'must be set, as there is a user' }

type SmtpFailure = Error & { responseCode?: number }

/** RFC 5321, 4.2.1: a reply of 5yz is final, one of 4yz is not; without a reply it was the connection. */
function asChannelError({ responseCode, message }: SmtpFailure, host: string, signal: AbortSignal): ChannelError {
  const inTime = responseCode !== undefined || !signal.aborted
  return new ChannelError(inTime ? `${host} did not accept the mail: ${message}` : `${host} did not answer in time.`, {
    permanent: (responseCode ?? 0) >= 500,
  })
}

/** Its parts, apart: a name with a comma must not become a second address. */
function mailboxOf(text: string): { name: string; address: string } | undefined {
  const parts = /^(?:(?<name>[^<>]*)<(?<inside>[^<>]+)>|(?<bare>[^<>]+))$/.exec(text)?.groups
  return parts && { name: parts.name?.trim() ?? '', address: parts.inside ?? parts.bare ?? '' }
}
