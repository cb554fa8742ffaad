// Says how the Duplicati of a server is asked.

import { useState } from 'preact/hooks'
import { useAction } from '../client/useAction.ts'
import {
  CollectServerDocument,
  ConnectServerDocument,
  type ConnectServerInput,
  DisconnectServerDocument,
  TestConnectionDocument,
} from '../generated/graphql.ts'
import { ChoiceField, Field } from '../parts/Field.tsx'
import { Form } from '../parts/Form.tsx'
import { Problem } from '../parts/Problem.tsx'
import { counted } from '../words/sizes.ts'
import type { ServerData } from './Server.tsx'

export function ConnectServer({ server, close }: { server: ServerData; close: () => void }) {
  const connect = useAction(ConnectServerDocument)
  const test = useAction(TestConnectionDocument)
  const disconnect = useAction(DisconnectServerDocument)
  const collect = useAction(CollectServerDocument)
  const [refused, setRefused] = useState<string | null>(null)
  const [said, setSaid] = useState<string | null>(null)
  const { connection } = server
  return (
    <>
      <p>
        Asked there: runs whose reports were lost, schedules, and whether a run is under way before anybody is told that
        it is overdue. Every password and token of Duplicati grants full control of it; it is encrypted here.
      </p>
      <Form
        submit={async (fields) => {
          const input: ConnectServerInput = {
            server: server.id,
            url: fields.text('url') ?? '',
            credential: credentialOf(fields.text('kind'), fields.text('secret') ?? ''),
            certificateFingerprint: fields.text('fingerprint'),
          }
          const tested = await test.run({ input })
          setRefused(tested?.testConnection.problem ?? null)
          if (tested?.testConnection.works && (await connect.run({ input }))) close()
        }}
        button={connection ? 'Connect anew' : 'Connect'}
        busy={test.busy || connect.busy}
        error={test.error ?? connect.error}
        cancel={close}
      >
        <Field
          name="url"
          label="Address of its Duplicati"
          type="url"
          value={connection?.url ?? server.url}
          required
          hint="Such as http://nas:8200/"
        />
        <ChoiceField
          name="kind"
          label="With"
          options={[
            ['password', 'its password'],
            ['foreverToken', 'a token that does not expire'],
            ['preAuthToken', 'a pre-auth token'],
          ]}
        />
        <Field name="secret" label="Password or token" type="password" required />
        <Field
          name="fingerprint"
          label="Fingerprint of its certificate"
          value={connection?.certificateFingerprint}
          hint="SHA-256; only if the certificate is self-signed"
        />
        {refused && <p role="alert">{refused}</p>}
      </Form>
      {connection && (
        <div class="actions">
          <button
            type="button"
            disabled={collect.busy}
            onClick={async () => {
              const answer = (await collect.run({ server: server.id }))?.collectServer
              if (answer) setSaid(answer.problem ?? `${counted(answer.collected, 'run')} recorded.`)
            }}
          >
            Ask now
          </button>
          <button type="button" class="danger" onClick={() => disconnect.run({ server: server.id })}>
            Disconnect
          </button>
        </div>
      )}
      {said && <p role="status">{said}</p>}
      <Problem error={disconnect.error ?? collect.error} />
    </>
  )
}

function credentialOf(kind: string | null, secret: string): ConnectServerInput['credential'] {
  if (kind === 'foreverToken') return { foreverToken: secret }
  return kind === 'preAuthToken' ? { preAuthToken: secret } : { password: secret }
}
