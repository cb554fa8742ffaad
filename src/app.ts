// The composition root: puts the parts together and hands out what answers requests. Nothing here listens.

import type { RequestListener } from 'node:http'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { secretKey } from './database/file/secretKey.ts'
import { refusalAtStart } from './database/file/storageFaults.ts'
import { openDatabase } from './database/open.ts'
import type { Tables } from './database/writer.ts'
import { theServer } from './domain/access.ts'
import { createEvents } from './events.ts'
import type { Connection } from './http/door/arrival.ts'
import { incomingRequest } from './http/door/incoming.ts'
import { createListener } from './http/door/listener.ts'
import { createGraphql } from './http/graphql/graphql.ts'
import { createRouter } from './http/router.ts'
import { type Alarm, startAlarm } from './scheduling/alarm.ts'
import { firstToken } from './services/access/firstToken.ts'
import { createAsker } from './services/asking/askBeforeAlarm.ts'
import { createCollector } from './services/asking/collector.ts'
import type { Context } from './services/context.ts'
import { countMissed } from './services/jobs/countMissed.ts'
import { judgeJobs } from './services/jobs/judgeJobs.ts'
import { noteAbsence, notePresence, noteSleep } from './services/jobs/presence.ts'
import { passTimeOfJobs } from './services/jobs/watchJobs.ts'
import { createLostReports } from './services/running/lostReports.ts'
import { createRunningBackups } from './services/running/runningBackups.ts'
import { createRetention } from './services/runs/retention.ts'
import { createDelivery } from './services/telling/deliverNotifications.ts'
import { createNoSuccessWatch } from './services/telling/tellNoSuccess.ts'
import { createDigests } from './services/telling/writeDigests.ts'
import { adoptLegacySettings } from './services/upkeep/adoptLegacySettings.ts'
import { createCopying } from './services/upkeep/copies.ts'
import { createCounters } from './services/upkeep/counters.ts'
import { createHeartbeat } from './services/upkeep/heartbeat.ts'

export interface App {
  /** Makes a token if there is none and one is needed, to be shown once; null if none was made. Once the app can be asked. */
  firstToken(): Promise<string | null>
  /** Answers a request; it never throws. */
  fetch(request: Request, connection: Connection): Promise<Response>
  /** Answers the requests of an HTTP server of Node. */
  listener: RequestListener
  /** Lets time pass for the jobs, up to now. */
  catchUp(): Promise<void>
  /** Writes the digests that are due. */
  writeDigests(): Promise<void>
  /** Asks the Duplicatis whose time has come. */
  collect(): Promise<void>
  /** Gives up the runs that nothing more is heard of, and asks the Duplicatis of those whose reports did not come. */
  settleRunning(): Promise<void>
  /** Sends all messages whose time has come. */
  deliver(): Promise<void>
  /** Removes what the settings say is too old to be kept. */
  keepHouse(): Promise<void>
  /** Copies the database file, if it is time. */
  copyDatabase(): Promise<void>
  /** Notes that the server runs at `now`: it tells by that for how long it did not. */
  notePresence(now: Date): Promise<void>
  /** Tells the monitor of HEARTBEAT_URL that the server does its work, if there is one, and it does. */
  beat(): Promise<void>
  /** Does all of that from now on whenever it is time. */
  watchTheClock(): void
  /** Ends the answers that never end by themselves: those to subscriptions. */
  endSubscriptions(): void
  /** Finishes what was accepted and closes the database, leaving a single file. */
  close(): Promise<void>
}

/** @throws Refusal if the database cannot be used */
export async function createApp(config: Config, log: Logger, clock: () => Date = () => new Date()): Promise<App> {
  const database = await openDatabase(config.databaseFile, clock, log, config.shortcuts)
  const events = createEvents(config.clientLimits.subscriptions)
  const secrets = secretKey(config.databaseFile, config.secretKey)
  const counters = createCounters()
  const running = createRunningBackups(clock, (key) =>
    events.publish('changed', { kind: 'CHANGED', type: 'BackupJob', key }),
  )
  const context: Context = { config, database, events, secrets, clock, log, caller: theServer, counters, running }
  try {
    await noteAbsence(context)
    await judgeJobs(context, await adoptLegacySettings(context))
    await countMissed(context)
    await database.writer.write(({ notifications, servers, jobs }) => {
      notifications.requeue()
      servers.writeSortNames()
      jobs.writeSortNames()
    })
  } catch (error) {
    await database.close()
    throw refusalAtStart(config.databaseFile, error)
  }
  const collector = createCollector(context)
  const asker = createAsker(context, collector)
  const lostReports = createLostReports(context, collector)
  const delivery = createDelivery(context)
  const digests = createDigests(context)
  const retention = createRetention(context)
  const copying = createCopying(context)
  const heartbeat = config.heartbeatUrl === null ? null : createHeartbeat(context, config.heartbeatUrl)
  const tellNoSuccess = createNoSuccessWatch(context)
  const catchUp = async () => {
    await passTimeOfJobs(context, asker.ask)
    await tellNoSuccess()
    heartbeat?.jobsWatched()
  }
  const alarms: Alarm[] = []
  const answer = createRouter(context, createGraphql(context, collector))
  return {
    firstToken: () => firstToken(context),
    // A request whose body is still to be read has no kept answer.
    fetch: (request, connection) => answer(incomingRequest(request, connection)) as Promise<Response>,
    listener: createListener(answer),
    catchUp,
    writeDigests: digests.writeDue,
    collect: async () => {
      await collector.collectDue()
      await asker.settled()
    },
    settleRunning: lostReports.settle,
    deliver: delivery.sendAll,
    keepHouse: retention.keep,
    copyDatabase: copying.copy,
    beat: async () => heartbeat?.beat(),
    notePresence: (now) => notePresence(context, now),
    watchTheClock: () => {
      const { writer } = database
      const next = (read: (tables: Tables) => Date | null) => () => writer.read(read)
      const watching = next(({ watches }) => watches.nextEventAt())
      const delivering = next(({ notifications }) => notifications.nextAttemptAt())
      const passTime = async () => {
        await noteSleep(context)
        await catchUp()
      }
      alarms.push(startAlarm('Watching jobs', watching, passTime, clock, log))
      alarms.push(startAlarm('Writing digests', digests.nextAt, digests.writeDue, clock, log))
      alarms.push(startAlarm('Delivering messages', delivering, delivery.sendReady, clock, log))
      alarms.push(startAlarm('Removing old data', () => retention.nextAt(), retention.keep, clock, log))
      alarms.push(startAlarm('Asking Duplicati', collector.nextAt, collector.beginDue, clock, log))
      alarms.push(startAlarm('Copying the database', copying.nextAt, copying.copy, clock, log))
      for (const alarm of alarms) writer.onWritten(alarm.recheck)
      // These look once a minute, whatever is written meanwhile: what they wait for is never nearer when it becomes known.
      const present = () => notePresence(context, clock())
      alarms.push(startAlarm('Recording that the server runs', () => null, present, clock, log))
      alarms.push(startAlarm('Watching what runs', running.nextAt, lostReports.begin, clock, log))
      if (heartbeat) alarms.push(startAlarm('Sending the heartbeat', heartbeat.nextAt, heartbeat.beat, clock, log))
    },
    endSubscriptions: () => events.close(),
    close: async () => {
      events.close()
      retention.stop()
      copying.stop()
      digests.stop()
      heartbeat?.stop()
      await collector.stop()
      await asker.settled()
      await Promise.all(alarms.map((alarm) => alarm.stop()))
      await delivery.stop()
      await notePresence(context, clock()).catch((err) => log.warn({ err }, 'Failed to record how long the server ran'))
      await database.close()
    },
  }
}
