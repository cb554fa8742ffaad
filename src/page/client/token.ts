// The token of whoever looks at the page: for this tab, or remembered on this device. It goes out as a Bearer token and stands in no
// address.

const name = 'duplistatus:token'

const listeners = new Set<() => void>()

/** The token; null if none was given. GraphiQL reads it from the same place. */
export function currentToken(): string | null {
  return read(() => sessionStorage) ?? read(() => localStorage)
}

/** @param remember whether other tabs, and later visits, have it too */
export function setToken(token: string, remember: boolean): void {
  forget()
  const storage = remember ? localStorage : sessionStorage
  storage.setItem(name, token)
  tell()
}

export function forgetToken(): void {
  forget()
  tell()
}

/** Calls `listener` when there is another token, or none any more; what is returned ends that. */
export function onToken(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The headers that go with every request. */
export function authorization(token: string | null): Record<string, string> {
  return token === null ? {} : { authorization: `Bearer ${token}` }
}

/** A browser may be told to keep nothing: then there is no token, and one that is given is forgotten with the page. */
function read(storage: () => Storage): string | null {
  try {
    return storage().getItem(name)
  } catch {
    return null
  }
}

function forget(): void {
  sessionStorage.removeItem(name)
  localStorage.removeItem(name)
}

function tell(): void {
  for (const listener of listeners) listener()
}
