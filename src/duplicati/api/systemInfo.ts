// Which Duplicati it is: its release, its machine, and its clock.

import { z } from 'zod'
import { isTimeZone } from '../../domain/schedule/timeBuckets.ts'
import type { Duplicati } from './session.ts'
import { optionalText, optionalTime } from './values.ts'

export interface SystemInfo {
  /** Such as `2.3.0.4`. */
  version: string
  machineName: string | null
  /**
   * What the option `machine-id` defaults to. From 2.1.2 to 2.3.0.4 this is the id of the installation, and not the one that reports
   * carry; 2.3.1 has none before its first restart, and neither have its reports. So it proves nothing before 2.3.1.
   */
  machineId: string | null
  /** What its clock shows. */
  serverTime: Date | null
  /** Of its clock, such as `+02:00`. */
  utcOffset: string | null
  /** As `Europe/Berlin`; null before 2.1.2, and where it is none of the IANA's names. */
  timeZone: string | null
  /** What it can do beyond its version, such as `v1:backup:sync-mode`; empty before 2.1.2. */
  extensions: string[]
}

const option = z.object({ Name: optionalText, DefaultValue: optionalText })

const systemInfo = z
  .object({
    ServerVersion: z.string().min(1),
    MachineName: optionalText,
    ServerTime: optionalText,
    ServerTimeZone: optionalText,
    APIExtensions: z.array(z.string()).catch([]),
    Options: z.array(option).catch([]),
  })
  .transform((info): SystemInfo => {
    const { ServerTime, ServerTimeZone } = info
    return {
      version: info.ServerVersion,
      machineName: info.MachineName,
      machineId: info.Options.find(({ Name }) => Name === 'machine-id')?.DefaultValue ?? null,
      serverTime: optionalTime.parse(ServerTime),
      utcOffset: /[+-]\d{2}:\d{2}$/.exec(ServerTime ?? '')?.[0] ?? null,
      timeZone: ServerTimeZone && isTimeZone(ServerTimeZone) ? ServerTimeZone : null,
      extensions: info.APIExtensions,
    }
  })

/** Has 200 kB and more, with all options of all modules: to be asked once, not with every look. */
export function readSystemInfo(duplicati: Duplicati): Promise<SystemInfo> {
  return duplicati.get('api/v1/systeminfo', systemInfo)
}
