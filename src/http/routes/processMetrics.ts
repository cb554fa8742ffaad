// What the process takes of the machine, and how well Node.js gets on in it. All apps of a process tell the same, so that it is watched
// once: prom-client has no way to end what it begins. That keeps no process awake, but wakes an idle one a hundred times a second to
// see whether it is late. So it begins with the first scrape.

import { setTimeout } from 'node:timers/promises'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { release } from '../../services/release.ts'

let watching: Promise<Registry> | null = null

/** In the text format of Prometheus. */
export async function processMetrics(): Promise<string> {
  watching ??= begin()
  return (await watching).metrics()
}

async function begin(): Promise<Registry> {
  const registry = new Registry()
  const registers = [registry]
  new Gauge({
    name: 'duplistatus_build_info',
    help: 'What runs.',
    labelNames: ['version', 'node_version'],
    registers,
  }).set({ version: release, node_version: process.versions.node }, 1)
  const { user, system } = process.cpuUsage()
  collectDefaultMetrics({ register: registry })
  // It counts from now on; what was spent until now belongs to it as well.
  add(registry, 'process_cpu_user_seconds_total', user)
  add(registry, 'process_cpu_system_seconds_total', system)
  add(registry, 'process_cpu_seconds_total', user + system)
  // Before the event loop was looked at a few times, its delays are said to be 292 years.
  await setTimeout(50)
  return registry
}

function add(registry: Registry, name: string, microseconds: number) {
  const metric = registry.getSingleMetric(name)
  if (metric instanceof Counter) metric.inc(microseconds / 1e6)
}
