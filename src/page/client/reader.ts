// The client for lists that are read page by page: whoever shows one holds it, and nothing else does. The client of the other questions
// keeps every answer, which a page that is open for weeks could not afford here.

import type { Client } from '@urql/core'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'

const Reader = createContext<Client | null>(null)

export const ReaderProvider = Reader.Provider

export function useReader(): Client {
  const client = useContext(Reader)
  if (!client) throw new Error('There is no client to read lists with.')
  return client
}
