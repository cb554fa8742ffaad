// The way in, where the server demands a token.

import { usePlace } from '../parts/title.ts'
import { setToken } from './token.ts'

export function SignIn({ hadToken }: { hadToken: boolean }) {
  usePlace('Token needed')
  return (
    <main id="main" class="sign-in">
      <h1>duplistatus</h1>
      {hadToken && (
        <p class="problem" role="alert">
          The server does not take this token: it may have expired or been revoked.
        </p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const form = new FormData(event.currentTarget)
          setToken(String(form.get('token')).trim(), form.get('remember') !== null)
        }}
      >
        <label>
          Token
          <input name="token" type="password" autocomplete="off" required autofocus />
        </label>
        <label class="check">
          <input name="remember" type="checkbox" />
          Remember it on this device; otherwise it is forgotten with this tab
        </label>
        <button type="submit">Go on</button>
      </form>
      <p class="quiet">
        A token with the scope READ sees everything; ADMIN can change it too. The server wrote the first one to its log,
        and <code>npx duplistatus token create --scope read</code> makes another.
      </p>
    </main>
  )
}
