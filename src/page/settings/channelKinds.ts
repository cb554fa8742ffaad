// The kinds of channels, and what is to be filled in for each.

import type { ChannelKind } from '../generated/graphql.ts'

export interface ChannelField {
  name: string
  label: string
  type?: 'text' | 'number' | 'password' | 'url' | 'check' | 'list' | 'security'
  /** A secret is never shown again; this tells whether it is set. */
  secret?: string
  required?: boolean
  hint?: string
  first?: string
}

export interface KindOfChannel {
  word: string
  /** The name of its settings in the API. */
  key: string
  fields: ChannelField[]
}

export const channelKinds: Record<ChannelKind, KindOfChannel> = {
  NTFY: {
    word: 'ntfy',
    key: 'ntfy',
    fields: [
      { name: 'url', label: 'Server', type: 'url', first: 'https://ntfy.sh/' },
      { name: 'topic', label: 'Topic', required: true },
      { name: 'accessToken', label: 'Access token', type: 'password', secret: 'accessTokenSet' },
    ],
  },
  EMAIL: {
    word: 'e-mail',
    key: 'email',
    fields: [
      { name: 'host', label: 'SMTP server', required: true },
      { name: 'port', label: 'Port', type: 'number', hint: 'Empty: the usual one' },
      { name: 'security', label: 'Encryption', type: 'security' },
      { name: 'allowUntrustedCertificate', label: 'Accept any certificate', type: 'check' },
      { name: 'user', label: 'User' },
      { name: 'password', label: 'Password', type: 'password', secret: 'passwordSet' },
      { name: 'from', label: 'From', required: true, hint: 'Such as Backups <backups@example.org>' },
      { name: 'to', label: 'To, with commas between addresses', type: 'list', required: true },
    ],
  },
  WEBHOOK: {
    word: 'webhook',
    key: 'webhook',
    fields: [
      { name: 'url', label: 'Address', type: 'url', required: true },
      {
        name: 'secret',
        label: 'Key for the signature',
        type: 'password',
        secret: 'secretSet',
        required: true,
        hint: 'whsec_ and 24 to 64 random bytes in Base64, the same as at the receiver',
      },
    ],
  },
  DISCORD: { word: 'Discord', key: 'discord', fields: [webhookOf('https://discord.com/api/webhooks/1234/abcd')] },
  SLACK: {
    word: 'Slack, Mattermost or Rocket.Chat',
    key: 'slack',
    fields: [webhookOf('https://hooks.slack.com/services/T0/B0/abcd')],
  },
  TEAMS: { word: 'Microsoft Teams', key: 'teams', fields: [webhookOf('https://….logic.azure.com/workflows/…')] },
  TELEGRAM: {
    word: 'Telegram',
    key: 'telegram',
    fields: [
      { name: 'token', label: 'Token of the bot', type: 'password', secret: 'tokenSet', required: true },
      { name: 'chat', label: 'Chat', required: true, hint: 'Its number, or the @name of a public channel' },
      { name: 'url', label: 'Address of the Bot API', type: 'url', first: 'https://api.telegram.org/' },
    ],
  },
  GOTIFY: {
    word: 'Gotify',
    key: 'gotify',
    fields: [
      { name: 'url', label: 'Server', type: 'url', required: true },
      { name: 'token', label: 'Token of the application', type: 'password', secret: 'tokenSet', required: true },
    ],
  },
  APPRISE: {
    word: 'Apprise',
    key: 'apprise',
    fields: [
      { name: 'url', label: 'Apprise API server', type: 'url', required: true },
      { name: 'key', label: 'Key of stored recipients', type: 'password', secret: 'keySet' },
      { name: 'tag', label: 'Only recipients with this tag' },
      {
        name: 'urls',
        label: 'Recipients, instead of a key',
        type: 'password',
        secret: 'urlsSet',
        hint: 'Such as mailto://…, with commas between them',
      },
    ],
  },
}

function webhookOf(example: string): ChannelField {
  return { name: 'url', label: 'Address of the webhook', type: 'url', required: true, hint: `Such as ${example}` }
}
