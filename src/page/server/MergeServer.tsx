// Puts the jobs and runs of a server into another one, which stays: a container that was made anew has another id.

import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso/router'
import { to } from '../base.ts'
import { useAction } from '../client/useAction.ts'
import { useAnswer } from '../client/useAnswer.ts'
import { MergeServersDocument, OtherServersDocument } from '../generated/graphql.ts'
import { ChoiceField } from '../parts/Field.tsx'
import { Form } from '../parts/Form.tsx'
import { count } from '../words/sizes.ts'
import { age } from '../words/times.ts'
import type { ServerData } from './Server.tsx'

export function MergeServer({ server, close }: { server: ServerData; close: () => void }) {
  const { route } = useLocation()
  const [search, setSearch] = useState(server.name)
  const { data } = useAnswer(OtherServersDocument, { search })
  const { run, busy, error } = useAction(MergeServersDocument)
  const found = data?.servers.totalCount ?? 0
  const others = (data?.servers.nodes ?? []).filter(({ id }) => id !== server.id)
  return (
    <Form
      submit={async (fields) => {
        const merged = await run({ from: server.id, into: fields.text('into') ?? '' })
        if (!merged) return
        close()
        route(to(`servers/${merged.mergeServers.server.databaseId}`))
      }}
      button="Merge"
      busy={busy || others.length === 0}
      error={error}
      cancel={close}
    >
      <p>
        All jobs and runs of {server.displayName} become those of the other server; jobs of the same name become one.{' '}
        {server.displayName} is gone afterwards.
      </p>
      <label>
        Search
        <input type="search" value={search} onInput={({ currentTarget }) => setSearch(currentTarget.value)} />
      </label>
      {found > 100 && <p>{count(found)} are called like that; the first 100 are here to choose from.</p>}
      {others.length === 0 ? (
        <p>No other server is called like that.</p>
      ) : (
        <ChoiceField
          name="into"
          label="Into"
          options={others.map(({ id, displayName, lastSeen }) => [
            id,
            `${displayName} (${id}), ${lastSeen ? `last report ${age(new Date(lastSeen), new Date())}` : 'no report'}`,
          ])}
        />
      )}
    </Form>
  )
}
