// The settings, a part at a time.

import { to } from '../base.ts'
import { useMay } from '../client/viewer.tsx'
import { usePlace } from '../parts/title.ts'
import { Channels } from './Channels.tsx'
import { Duplicates } from './Duplicates.tsx'
import { General } from './General.tsx'
import { Templates } from './Templates.tsx'
import { Tokens } from './Tokens.tsx'

const parts = {
  general: { title: 'General', of: General },
  channels: { title: 'Messages', of: Channels },
  templates: { title: 'Templates', of: Templates },
  tokens: { title: 'Tokens', of: Tokens },
  duplicates: { title: 'Duplicates', of: Duplicates },
}

export function Settings({ part = 'general' }: { part: string | undefined }) {
  const may = useMay()
  const chosen = part in parts ? (part as keyof typeof parts) : 'general'
  const { title, of: Part } = parts[chosen]
  usePlace(`Settings, ${title}`)
  if (!may('ADMIN')) return <p>A token with the scope ADMIN is needed for the settings.</p>
  return (
    <>
      <h1>Settings</h1>
      <nav aria-label="Settings">
        {Object.entries(parts).map(([name, { title }]) => (
          <a key={name} href={to(`settings/${name}`)} aria-current={name === chosen ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <h2>{title}</h2>
      <Part />
    </>
  )
}
