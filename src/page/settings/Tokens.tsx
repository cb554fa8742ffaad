// Who may ask this server for what.

import { useState } from 'preact/hooks'
import { useAction } from '../client/useAction.ts'
import { useAnswer } from '../client/useAnswer.ts'
import { usePages } from '../client/usePages.ts'
import {
  CreateTokenDocument,
  RevokeTokenDocument,
  ServerNamesDocument,
  type TokenScope,
  TokensDocument,
  UpdateAccessDocument,
} from '../generated/graphql.ts'
import { ChoiceField, Field } from '../parts/Field.tsx'
import { Form } from '../parts/Form.tsx'
import { Problem } from '../parts/Problem.tsx'
import { When } from '../parts/When.tsx'
import { counted } from '../words/sizes.ts'

export function Tokens() {
  const { data, error: unread } = useAnswer(TokensDocument, {}, ({ kind }) => kind === 'SETTINGS')
  const servers = usePages(ServerNamesDocument, {}, ({ servers }) => servers, Number.POSITIVE_INFINITY)
  const [scope, setScope] = useState<TokenScope>('REPORT')
  const [secret, setSecret] = useState<string | null>(null)
  const create = useAction(CreateTokenDocument)
  const revoke = useAction(RevokeTokenDocument)
  const access = useAction(UpdateAccessDocument)
  if (!data) return <Problem error={unread} />
  const { requireToken, requestsWithoutToken } = data.access
  const living = data.tokens.filter(({ revokedAt }) => !revokedAt)
  return (
    <>
      <p>
        {requireToken
          ? living.length === 0
            ? 'There is no token yet: everybody on this machine may do everything. The first one must be able to change everything.'
            : 'Every request needs a token.'
          : 'Requests need no token.'}{' '}
        {requestsWithoutToken > 0 && `${counted(requestsWithoutToken, 'request')} came without one since the start.`}{' '}
        <button type="button" onClick={() => access.run({ requireToken: !requireToken })}>
          {requireToken ? 'Demand none' : 'Demand one'}
        </button>
      </p>
      <Problem error={access.error ?? revoke.error ?? servers.error} />
      {living.length > 0 && (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Begins with</th>
                <th scope="col">May</th>
                <th scope="col">Used</th>
                <th scope="col">Expires</th>
                <th scope="col">
                  <span class="unseen">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {living.map((token) => (
                <tr key={token.id}>
                  <th scope="row">{token.name}</th>
                  <td>
                    <code>{token.prefix}</code>
                  </td>
                  <td>
                    {scopeWords[token.scope]}
                    {token.server && ` of ${token.server.displayName}`}
                  </td>
                  <td>{token.lastUsedAt ? <When time={token.lastUsedAt} relative /> : 'never'}</td>
                  <td>{token.expiresAt ? <When time={token.expiresAt} relative /> : 'never'}</td>
                  <td>
                    <button
                      type="button"
                      class="danger"
                      aria-label={`Revoke ${token.name}`}
                      onClick={() =>
                        confirm(`Revoke ${token.name}? Whoever uses it is refused at once.`) &&
                        revoke.run({ id: token.id })
                      }
                    >
                      Revoke
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <h3>A new token</h3>
      <Form
        // Empty again once one is made.
        key={secret}
        submit={async (fields) => {
          const expiresAt = fields.text('expiresAt')
          const input = {
            name: fields.text('name') ?? '',
            scope,
            ...(scope === 'REPORT' && fields.text('server') ? { server: fields.text('server') } : {}),
            ...(expiresAt ? { expiresAt: new Date(expiresAt).toISOString() } : {}),
          }
          setSecret((await create.run({ input }))?.createToken.secret ?? null)
        }}
        button="Make it"
        busy={create.busy}
        error={create.error}
      >
        <Field name="name" label="For whom or what" required />
        <label>
          It may
          <select value={scope} onChange={({ currentTarget }) => setScope(currentTarget.value as TokenScope)}>
            {Object.entries(scopeWords).map(([name, word]) => (
              <option key={name} value={name}>
                {word}
              </option>
            ))}
          </select>
        </label>
        {scope === 'REPORT' && (
          <ChoiceField
            name="server"
            label="Of"
            options={[
              ['', 'any server'],
              ...servers.rows.map(({ id, displayName }) => [id, displayName] as [string, string]),
            ]}
          />
        )}
        <Field name="expiresAt" label="Until" type="datetime-local" hint="Empty: until it is revoked" />
      </Form>
      {secret && (
        <div class="welcome" role="status">
          <p>This is the token. It is shown only now:</p>
          <pre>{secret}</pre>
        </div>
      )}
    </>
  )
}

const scopeWords: Record<TokenScope, string> = {
  REPORT: 'post reports',
  READ: 'see everything',
  ADMIN: 'see and change everything',
}
