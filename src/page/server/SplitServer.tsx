// Takes what some of its machine-ids reported out of a server, into a new one.

import { useLocation } from 'preact-iso/router'
import { to } from '../base.ts'
import { useAction } from '../client/useAction.ts'
import { SplitServerDocument } from '../generated/graphql.ts'
import { CheckField } from '../parts/Field.tsx'
import { Form } from '../parts/Form.tsx'
import type { ServerData } from './Server.tsx'

export function SplitServer({ server, close }: { server: ServerData; close: () => void }) {
  const { route } = useLocation()
  const { run, busy, error } = useAction(SplitServerDocument)
  return (
    <Form
      submit={async (fields) => {
        const split = await run({ id: server.id, machineIds: fields.all('ids') })
        if (!split) return
        close()
        route(to(`servers/${split.splitServer.newServer.databaseId}`))
      }}
      button="Split"
      busy={busy}
      error={error}
      cancel={close}
    >
      <p>What was reported under these machine-ids becomes a server of its own:</p>
      {server.machineIds.map((id) => (
        <CheckField key={id} name="ids" value={id} label={id} checked={false} />
      ))}
    </Form>
  )
}
