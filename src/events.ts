// What subscribers can hear. An event carries numbers only: whoever hears it reads what it is about when they are ready for
// it, so that a subscriber who is slow costs next to nothing, and one who stops listening costs nothing.

import { DomainError } from './domain/errors.ts'

export interface Events {
  /** A run was stored. */
  backupRecorded: { backupId: number; serverId: number }
  /** A person changed a server, or merged another one into it. */
  serverUpdated: { serverId: number }
  /** The state of a job changed. */
  jobStateChanged: { transitionId: number; jobId: number; serverId: number }
  /** Any of these, and whatever else a page shows. */
  changed: Change
}

type ChangeKind = 'RECORDED' | 'CHANGED' | 'REMOVED' | 'SETTINGS'

/** What became another thing, is new or gone: of a type of the schema. */
export interface Change {
  kind: ChangeKind
  type:
    | 'Server'
    | 'BackupJob'
    | 'Backup'
    | 'Settings'
    | 'Channel'
    | 'NotificationRule'
    | 'UnusualRule'
    | 'Token'
    | 'Access'
  /** Null: there is only one of the type. */
  key: number | null
}

export interface EventBus {
  /** Tells everybody who listens to it, or to all changes; to be called once what happened is safely on disk. */
  publish<Name extends keyof Events>(name: Name, event: Events[Name]): void
  /**
   * Everything of this name from now on that `concerns` the listener. `'overrun'` is the last item if more than 1,000 events
   * were waiting for a listener that is slower than they come.
   *
   * @throws DomainError UNAVAILABLE if as many listen already as may
   */
  subscribe<Name extends keyof Events>(
    name: Name,
    concerns: (event: Events[Name]) => boolean,
  ): AsyncIterableIterator<Events[Name] | 'overrun'>
  /** Ends every subscription. */
  close(): void
  /** Whether that was done: the server stops. */
  closed(): boolean
}

const maxWaiting = 1000

/** What an event changes. */
const changes: { [Name in keyof Events]?: (event: Events[Name]) => Change } = {
  backupRecorded: ({ backupId }) => ({ kind: 'RECORDED', type: 'Backup', key: backupId }),
  serverUpdated: ({ serverId }) => ({ kind: 'CHANGED', type: 'Server', key: serverId }),
  jobStateChanged: ({ jobId }) => ({ kind: 'CHANGED', type: 'BackupJob', key: jobId }),
}

interface Listener {
  name: keyof Events
  hear(event: Events[keyof Events]): void
  end(): void
}

/** @param maxListeners how many may listen at the same time */
export function createEvents(maxListeners: number): EventBus {
  const listeners = new Set<Listener>()
  let closed = false
  return {
    publish: (name, event) => {
      for (const listener of listeners) if (listener.name === name) listener.hear(event)
      const change = changes[name]?.(event as never)
      for (const listener of listeners) if (change && listener.name === 'changed') listener.hear(change)
    },
    subscribe: <Name extends keyof Events>(name: Name, concerns: (event: Events[Name]) => boolean) => {
      if (listeners.size >= maxListeners) {
        throw new DomainError(
          'UNAVAILABLE',
          `There are ${maxListeners} subscriptions already, and no more are served at once.`,
        )
      }
      const queue = createQueue<Events[Name] | 'overrun'>(() => listeners.delete(listener))
      const listener: Listener = {
        name,
        hear: (event) => {
          if (!concerns(event as Events[Name])) return
          if (queue.waiting() < maxWaiting) return queue.push(event as Events[Name])
          queue.push('overrun')
          queue.end()
        },
        end: queue.end,
      }
      if (closed) queue.end()
      else listeners.add(listener)
      return queue.items
    },
    close: () => {
      closed = true
      for (const listener of listeners) listener.end()
    },
    closed: () => closed,
  }
}

/**
 * What is pushed comes out in order. A generator would not do: it cannot be ended while it waits, and most subscribers wait.
 *
 * @param ended called when no more is taken
 */
function createQueue<Item>(ended: () => void) {
  const items: Item[] = []
  const readers: ((result: IteratorResult<Item, undefined>) => void)[] = []
  let open = true

  function end() {
    open = false
    for (const reader of readers.splice(0)) reader({ value: undefined, done: true })
    ended()
  }

  const iterator: AsyncIterableIterator<Item> = {
    next: () => {
      const item = items.shift()
      if (item !== undefined) return Promise.resolve({ value: item, done: false })
      if (!open) return Promise.resolve({ value: undefined, done: true })
      return new Promise((resolve) => readers.push(resolve))
    },
    return: () => {
      items.length = 0
      end()
      return Promise.resolve({ value: undefined, done: true })
    },
    [Symbol.asyncIterator]: () => iterator,
  }
  return {
    items: iterator,
    waiting: () => items.length,
    push: (item: Item) => {
      const reader = readers.shift()
      if (reader) reader({ value: item, done: false })
      else items.push(item)
    },
    end,
  }
}
