// The time zone of this process: that of the variable TZ, and without it that of the machine.

/** Its IANA name. Empty where TZ is none that Node.js knows. */
export function machineTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? ''
}
