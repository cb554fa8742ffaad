// What can be done with a server.

import type { ServerData } from './Server.tsx'

export function ServerActions(_: { server: ServerData }) {
  return null
}
