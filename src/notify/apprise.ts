// Sends through an Apprise API server (https://appriseit.com/api/), which passes messages on to a hundred other services. It also adapts
// the text to each of them.

import { z } from 'zod'
import type { Issue } from '../domain/errors.ts'
import { actionLines, type ChannelKind, opens } from './channel.ts'
import { cutMark, fitting } from './fitting.ts'
import { post } from './post.ts'
import { isNoPage, recognized } from './recognized.ts'
import { tones } from './tones.ts'
import { below as addressBelow, webUrl } from './webUrl.ts'

type AppriseSettings = { url: string; key: string | null; tag: string | null; urls: string | null }

/** What Apprise takes at most, in characters. */
const limits = { title: 250, body: 32_768 }

/** By the rules of HTTP, 204 would count as delivered, and 424 as permanent. */
const refusals = {
  204: { permanent: true, meaning: 'no recipient matched, so nothing was sent; check key, tag and urls.' },
  424: { permanent: false, meaning: 'it could not reach all recipients.' },
}

export const apprise: ChannelKind<AppriseSettings> = {
  kind: 'APPRISE',
  description: 'Messages through an Apprise API server, which knows a hundred other services.',
  fields: {
    url: {
      type: 'String',
      description: 'The address of the Apprise API server, like http://apprise:8000.',
      confidential: true,
      required: true,
      schema: webUrl,
    },
    key: {
      type: 'String',
      description: 'The key (Config ID) of recipients that the server has stored; null to send to `urls`.',
      secret: true,
      schema: z
        .string('must be text')
        .trim()
        .regex(/^[\w-]{1,128}$/, 'must be 1 to 128 letters, digits, - and _'),
    },
    tag: {
      type: 'String',
      description: 'Send only to the recipients of the key that have this tag; null for all.',
      schema: z
        .string('must be text')
        .trim()
        .regex(/^[\w,| -]{1,200}$/, 'must be up to 200 letters, digits, - and _, between commas or spaces'),
    },
    urls: {
      type: 'String',
      description:
        'The recipients, like mailto://user:password@example.org, between commas; without them and without a key, those of APPRISE_STATELESS_URLS.',
      secret: true,
      schema: z
        .string('must be text')
        .trim()
        .regex(/^[^\s\p{Cc}][^\p{Cc}]{0,1023}$/u, 'must be up to 1024 characters in one line'),
    },
  },
  secretsGoTo: 'url',
  issues: ({ key, tag, urls }): Issue[] => [
    ...(key !== null && urls !== null ? [{ path: 'urls', message: 'must be left out, as there is a key' }] : []),
    ...(key === null && tag !== null ? [{ path: 'tag', message: 'must be left out, as there is no key' }] : []),
  ],
  async send({ url, key, tag, urls }, message, signal) {
    const link = opens(message)
    const below = actionLines(message) + (link === null ? '' : `\n\n${link}`)
    const body = {
      title: fitting(message.title, limits.title),
      body: fitting(message.message || message.title, limits.body - below.length, { mark: cutMark }) + below,
      type: tones[message.event].toLowerCase(),
      format: 'text',
      ...(tag !== null && { tag }),
      ...(urls !== null && { urls }),
    }
    const address = addressBelow(url, key === null ? 'notify' : `notify/${key}`)
    const answer = await post(address, { accept: 'application/json' }, JSON.stringify(body), signal, refusals)
    return recognized(answer, url, 'an Apprise API server', isNoPage)
  },
}
