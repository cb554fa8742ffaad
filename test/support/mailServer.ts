// A real SMTP server, on loopback, with TLS and AUTH, which refuses, hangs and drops connections when it is told to.

import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { onTestFinished } from 'vitest'

/** A self-signed certificate for localhost and 127.0.0.1, valid until 2126. */
const certificate = {
  key: readFileSync(new URL('../fixtures/tls/key.pem', import.meta.url)),
  cert: readFileSync(new URL('../fixtures/tls/certificate.pem', import.meta.url)),
}

type MailReaction =
  /** A reply to the message, when it was read. */
  | { code: number; message: string }
  | 'HANG'
  /** The connection is cut before the message is read. */
  | 'DROP_UNREAD'
  /** The connection is cut when the message is read and kept. */
  | 'DROP_READ'

interface ReceivedMail {
  /** What stands before the @ of its Message-ID. */
  key: string
  /** Of the envelope. */
  sender: string
  recipients: string[]
  /** By their names in lower case. */
  headers: Record<string, string>
  /** Decoded, as is the subject. */
  from: string
  subject: string
  text: string
  /** As it came. */
  raw: string
}

export interface MailServer {
  /** The settings of a channel that sends to it. */
  settings: {
    host: string
    port: number
    security: 'TLS' | 'STARTTLS' | 'NONE'
    allowUntrustedCertificate: boolean
    user: string | null
    password: string | null
    from: string
    to: string[]
  }
  /** What it took, in order, repetitions too. */
  received: ReceivedMail[]
  /** How the next messages are treated, one each, in place of being taken. */
  next(...reactions: MailReaction[]): void
  /** How every message is treated from now on, those of `next` first; null: it is taken. */
  always(reaction: MailReaction | null): void
  /** How recipients are refused that are not to be taken. */
  refuse(recipient: string, code: number): void
}

/** Listens until the test ends. */
export async function startMailServer({
  security = 'NONE',
  user = null,
  password = null,
}: Partial<Pick<MailServer['settings'], 'security' | 'user' | 'password'>> = {}): Promise<MailServer> {
  const received: ReceivedMail[] = []
  const reactions: MailReaction[] = []
  const refused = new Map<string, number>()
  let otherwise: MailReaction | null = null

  const server = new SMTPServer({
    ...certificate,
    secure: security === 'TLS',
    authOptional: user === null,
    disabledCommands: [...(security === 'STARTTLS' ? [] : ['STARTTLS']), ...(user === null ? ['AUTH'] : [])],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    onAuth: (given, _session, done) => {
      if (given.username === user && given.password === password) done(null, { user })
      else done(reply(535, `5.7.8 ${given.username} with ${given.password} is not known here`))
    },
    onRcptTo: ({ address }, _session, done) => {
      const code = refused.get(address)
      done(code ? reply(code, `${address} is not served here`) : null)
    },
    onData: async (stream, session, done) => {
      const reaction = reactions.shift() ?? otherwise
      if (reaction === 'DROP_UNREAD') return cut(session)
      const mail = await readMail(await buffer(stream), session)
      if (reaction === 'HANG') return
      if (reaction !== null && typeof reaction === 'object') return done(reply(reaction.code, reaction.message))
      received.push(mail)
      if (reaction === 'DROP_READ') cut(session)
      else done(null, 'kept as number 1')
    },
  })
  // A sender that gives up is no failure of the server.
  server.on('error', () => {})

  function cut({ id }: SMTPServerSession) {
    for (const connection of server.connections) if (connection.id === id) connection._socket.destroy()
  }

  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1' }, resolve))
  onTestFinished(async () => {
    for (const connection of server.connections) connection._socket.destroy()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })
  return {
    settings: {
      host: '127.0.0.1',
      port: (server.server.address() as AddressInfo).port,
      security,
      allowUntrustedCertificate: security !== 'NONE',
      user,
      password,
      from: 'Backups <backups@example.org>',
      to: ['ops@example.org'],
    },
    received,
    next: (...added) => void reactions.push(...added),
    always: (reaction) => {
      otherwise = reaction
    },
    refuse: (recipient, code) => void refused.set(recipient, code),
  }
}

async function readMail(bytes: Buffer, { envelope }: SMTPServerSession): Promise<ReceivedMail> {
  const mail = await PostalMime.parse(bytes)
  return {
    key: /^<(.*)@.*>$/.exec(mail.messageId ?? '')?.[1] ?? '',
    sender: envelope.mailFrom ? envelope.mailFrom.address : '',
    recipients: envelope.rcptTo.map(({ address }) => address),
    headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
    from: `${mail.from?.name} <${mail.from?.address}>`,
    subject: mail.subject ?? '',
    text: (mail.text ?? '').trimEnd(),
    raw: bytes.toString('utf8'),
  }
}

function reply(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}
