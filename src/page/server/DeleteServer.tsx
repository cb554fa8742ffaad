// Deletes a server with its jobs and runs, after asking.

import { useLocation } from 'preact-iso/router'
import { to } from '../base.ts'
import { useAction } from '../client/useAction.ts'
import { DeleteServerDocument } from '../generated/graphql.ts'
import { Form } from '../parts/Form.tsx'
import { counted } from '../words/sizes.ts'
import type { ServerData } from './Server.tsx'

export function DeleteServer({ server, close }: { server: ServerData; close: () => void }) {
  const { route } = useLocation()
  const { run, busy, error } = useAction(DeleteServerDocument)
  return (
    <Form
      submit={async () => {
        if (!(await run({ id: server.id }))) return
        close()
        route(to())
      }}
      button={`Delete it and its ${counted(server.jobs.length, 'job')}`}
      busy={busy}
      error={error}
      cancel={close}
      danger
    >
      <p>
        All that is known of {server.displayName} is deleted here; Duplicati and the backups themselves are not touched.
        If it reports again, it is a new server.
      </p>
    </Form>
  )
}
