// What every part of the page stands in: who looks at it, whether the server can be reached, and the way from part to part.

import { Provider } from '@urql/preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { LocationProvider, Route, Router, useLocation } from 'preact-iso/router'
import { apiUrl, base, to } from './base.ts'
import { createClient } from './client/client.ts'
import { useOld } from './client/old.ts'
import { ReaderProvider } from './client/reader.ts'
import { SignIn } from './client/SignIn.tsx'
import { currentToken, forgetToken, onToken } from './client/token.ts'
import { useMay, ViewerProvider } from './client/viewer.tsx'
import { Connect } from './connect/Connect.tsx'
import { Fleet } from './fleet/Fleet.tsx'
import { Job } from './job/Job.tsx'
import { connect, useConnection } from './live/live.ts'
import { Announcements } from './parts/Announcements.tsx'
import { Keys } from './parts/Keys.tsx'
import { Later } from './parts/Later.tsx'
import { Tab } from './parts/Tab.tsx'
import { When } from './parts/When.tsx'
import { Run } from './run/Run.tsx'
import { Runs } from './run/Runs.tsx'
import { Server } from './server/Server.tsx'
import { timeZone } from './words/times.ts'

/** @param workerUrl the script of the shared worker */
export function App({ workerUrl }: { workerUrl: string }) {
  const [token, setToken] = useState(currentToken())
  const [refused, setRefused] = useState(false)
  useEffect(
    () =>
      onToken(() => {
        setRefused(false)
        setToken(currentToken())
      }),
    [],
  )
  // Another token sees something else: nothing of what was read before stays.
  const [client, reader] = useMemo(() => {
    const refuse = () => setRefused(true)
    return [createClient(true, refuse), createClient(false, refuse)] as const
  }, [token])
  useEffect(() => {
    if (!refused) connect(workerUrl, () => setRefused(true))
  }, [workerUrl, token, refused])
  return (
    <LocationProvider scope={pagesOnly}>
      {refused ? (
        <SignIn hadToken={token !== null} />
      ) : (
        <Provider value={client}>
          <ReaderProvider value={reader}>
            <ViewerProvider>
              <Shell hasToken={token !== null} />
            </ViewerProvider>
          </ReaderProvider>
        </Provider>
      )}
    </LocationProvider>
  )
}

/** GraphiQL and the API are no parts of the page, though they lie below it. */
const pagesOnly = new RegExp(`^${base.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?!graphql|api/|metrics)`)

function Shell({ hasToken }: { hasToken: boolean }) {
  // Its types leave out whether a link was followed.
  const { route, path, wasPush } = useLocation() as ReturnType<typeof useLocation> & { wasPush: boolean }
  const may = useMay()
  const { connection } = useConnection()
  const main = useRef<HTMLElement>(null)
  const arrived = useRef(false)
  useEffect(() => {
    // Whoever follows a link by keyboard or hears the page goes on at the new part of it.
    if (arrived.current) {
      main.current?.focus({ preventScroll: true })
      // Whoever goes back finds the place where they were.
      if (wasPush) scrollTo(0, 0)
    }
    arrived.current = true
  }, [path])
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header>
        <nav aria-label="Main">
          <a class="brand" href={to()}>
            duplistatus
          </a>
          <a href={to()} aria-current={path === base ? 'page' : undefined}>
            Backups
          </a>
          <a href={to('runs')} aria-current={path === to('runs') ? 'page' : undefined}>
            Runs
          </a>
          {may('ADMIN') && (
            <a href={to('settings')} aria-current={path.startsWith(to('settings')) ? 'page' : undefined}>
              Settings
            </a>
          )}
          <a href={to('connect')} aria-current={path === to('connect') ? 'page' : undefined}>
            Add a Duplicati
          </a>
          <a href={apiUrl('graphql')}>GraphiQL</a>
        </nav>
        {hasToken && (
          <button type="button" onClick={forgetToken}>
            Forget the token
          </button>
        )}
      </header>
      <Offline />
      <main id="main" ref={main} tabIndex={-1}>
        <Router>
          <Route path={to()} component={Fleet} />
          <Route path={to('connect')} component={Connect} />
          <Route path={to('runs')} component={Runs} />
          <Route path={to('runs/:number')} component={Run} />
          <Route path={to('servers/:number')} component={Server} />
          <Route path={to('jobs/:number')} component={Job} />
          <Route path={to('settings/:part?')} component={Settings} />
          <Route default component={Nowhere} />
        </Router>
      </main>
      <footer data-connection={connection}>
        {connection === 'ONLINE' && 'What happens is shown by itself. '}
        {connection === 'POLLING' && 'This is read again every minute: the server has no room for another stream. '}
        Times are in {timeZone}. Press <kbd>?</kbd> for the keys.
      </footer>
      <Announcements />
      <Tab />
      <Keys home={() => route(to())} />
    </>
  )
}

function Settings({ part }: { part?: string }) {
  return <Later load={() => import('./settings/Settings.tsx')} pick={({ Settings }) => <Settings part={part} />} />
}

function Offline() {
  const { offlineSince } = useConnection()
  const isOld = useOld()
  if (!offlineSince && isOld) {
    return (
      <p class="offline" role="status">
        <b>Not up to date.</b> Some of this could not be read again; what you see is from before.
      </p>
    )
  }
  if (!offlineSince) return null
  return (
    <p class="offline" role="status">
      <b>Offline.</b> The server cannot be reached; what you see is from <When time={offlineSince.toISOString()} /> or
      before.
    </p>
  )
}

function Nowhere() {
  return (
    <>
      <h1>There is nothing here</h1>
      <p>
        <a href={to()}>All backups</a>
      </p>
    </>
  )
}
