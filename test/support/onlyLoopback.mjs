// Preloaded into a server under test: whatever it is told to reach, it reaches nothing but this machine.

import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

const isHere = (host) => host === undefined || host === 'localhost' || host === '::1' || /^127\./.test(host)
const unknown = (host) => Object.assign(new Error(`${host} is not looked for in tests`), { code: 'ENOTFOUND' })

const { lookup } = dns
dns.lookup = (host, ...rest) => {
  if (isHere(host)) return lookup(host, ...rest)
  process.nextTick(rest.at(-1), unknown(host))
}
for (const resolver of [dns, dns.Resolver.prototype]) {
  for (const name of Object.keys(resolver).concat(Object.getOwnPropertyNames(resolver))) {
    if (!/^resolve/.test(name)) continue
    resolver[name] = (host, ...rest) => process.nextTick(rest.at(-1), unknown(host))
  }
}
const { connect } = net.Socket.prototype
net.Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args
  const host = typeof first === 'object' && first !== null ? first.host : undefined
  if (net.isIP(host ?? '') === 0 || isHere(host)) return connect.apply(this, args)
  return this.destroy(unknown(host))
}
syncBuiltinESMExports()
