// Which versions are left at the destination after a run, read from the lines in which Duplicati logs its retention.
// Taking the lines out of a report, and believing the answer, is left to the callers.

import { plainDigits } from './textValues.ts'

const secondMs = 1000
const quarterMs = 15 * 60 * secondMs
const hourMs = 4 * quarterMs
const yearMs = 365 * 24 * hourMs

// Bounds that no Gregorian date in a report leaves, but the year of every other calendar that .NET writes does: the Buddhist one is
// told by it, and the others are not read.
const earliestPossible = Date.UTC(2000, 0)
const latestPossible = Date.UTC(2101, 0)
/** By how much the years of the Buddhist era are ahead. */
const buddhist = 543

// The words for before and after noon: Latin ones, Korean, Chinese, Greek, Vietnamese, Albanian, Arabic, Persian, Thai.
const beforeNoon = String.raw`a\.?\s?m\.?|오전|上午|π\.?μ\.?|SA|PD|e\sparadites|ص|ق\.ظ\.?|ก่อนเที่ยง`
const afterNoon = String.raw`p\.?\s?m\.?|오후|下午|μ\.?μ\.?|CH|MD|e\spasdites|م|ب\.ظ\.?|หลังเที่ยง`
const isAfterNoon = new RegExp(`^(?:${afterNoon})$`, 'i')

// The date and time forms of the cultures. Only the order of day and month is in doubt, and only where it may be either:
// nobody writes the month first with dots. \s also stands for the no-break spaces before AM and PM. Bulgarian adds its words for
// year and hour.
const meridiem = `${beforeNoon}|${afterNoon}`
const timeForm = String.raw`(?:(?<before>${meridiem})\s?)?(?<hour>\d{1,2})[:.](?<minute>\d\d)[:.](?<second>\d\d)(?:\s?(?<after>${meridiem})|\sч\.?)?`
const formsOf = (year: string) =>
  [
    String.raw`(?<year>${year})(?<separator>[/.-])\s?(?<month>\d{1,2})\k<separator>\s?(?<day>\d{1,2})\.?`,
    String.raw`(?<day>\d{1,2})(?<separator>[/.-])\s?(?<month>\d{1,2})\k<separator>\s?(?<year>${year})\.?(?:\sг\.?)?`,
    String.raw`(?<month>\d{1,2})(?<separator>[/-])(?<day>\d{1,2})\k<separator>(?<year>${year})`,
  ].map((dateForm) => new RegExp(String.raw`^${dateForm}\s${timeForm}$`, 'i'))
const forms = formsOf(String.raw`\d{4}`)
const [shortYearFirst = /^$/, ...shortForms] = formsOf(String.raw`\d{2}`)

/**
 * The versions left after the run, newest first and to the second; null where the report does not say so beyond doubt.
 *
 * Seen in Duplicati 2.x DeleteHandler:RetentionPolicy: with a retention policy, and at log level Information, a run lists
 * all versions but the newest, and then those of them it deletes. What remains, and the run itself, are the versions.
 * The lists are in local time and in the format of the client's culture. A reading of them counts if the considered
 * versions descend from the run, and the deleted ones are among them. Two readings that differ are no answer.
 *
 * The UTC offset is that of the run: a version from the other side of a change to or from summer time is an hour off, and
 * two versions that show the same time, in the hour that is repeated in autumn, are one here.
 *
 * The lists do not know what keep-time and keep-versions remove besides, nor that a run without changes leaves no version
 * of its own, nor that a dry run deletes nothing: BackupListCount does.
 *
 * @param logLines as they were sent, in their order
 * @param beganAt when the run began; where it is null, the run is not in the list
 */
export function availableVersions(logLines: Iterable<string>, beganAt: Date | null): Date[] | null {
  const [consideredLine, deletedLine, startLine] = findLines(logLines, [
    'RetentionPolicy-BackupList',
    'RetentionPolicy-AllBackupsToDelete',
    'Controller-StartingOperation',
  ])
  if (!consideredLine || !deletedLine) return null
  const offset = utcOffset(startLine, consideredLine, beganAt)
  if (offset === null) return null

  const run = beganAt && Math.floor(beganAt.getTime() / secondMs) * secondMs
  const readAs = (form: RegExp): number[] | null => {
    const considered = readList(consideredLine, form, offset)
    const deleted = readList(deletedLine, form, offset)
    if (!considered || !deleted || !isPossible(considered, deleted, run ?? latestPossible)) return null
    const gone = new Set(deleted)
    return considered.filter((version) => !gone.has(version))
  }
  const isShort = isGregorian(consideredLine, beganAt)
  // Nobody writes two digits of a year first, unless they are of another calendar, or mean something else.
  if (isShort && readAs(shortYearFirst)?.length) return null
  const readings = [...forms, ...(isShort ? shortForms : [])].flatMap((form) => {
    const reading = readAs(form)
    return reading ? [reading] : []
  })
  const [remaining] = readings
  if (!remaining || readings.some((other) => other.join() !== remaining.join())) return null
  const versions = new Set(run === null ? remaining : [run, ...remaining])
  return [...versions].map((version) => new Date(version))
}

/**
 * Whether the client counts years as we do: a year of two digits may be of any calendar. Lines begin with the year of its calendar.
 * Without the run nothing bounds what such years mean.
 */
function isGregorian(line: string, beganAt: Date | null): boolean {
  const local = readPrefix(line)?.local
  return beganAt !== null && local !== undefined && Math.abs(local - beganAt.getTime()) < yearMs
}

/** For each id the first line with it at the end of its tag, `[Level-Tag-Id]`: unlike the text, it is never translated. */
function findLines(logLines: Iterable<string>, ids: string[]): (string | undefined)[] {
  const found: (string | undefined)[] = ids.map(() => undefined)
  for (const line of logLines) {
    const end = line.includes(']') ? line.indexOf(']') : line.length
    for (const [place, id] of ids.entries()) if (line.endsWith(id, end)) found[place] ??= plainDigits(line)
  }
  return found
}

/** Whether the considered versions descend from `latest`, and the deleted ones are among them. */
function isPossible(considered: number[], deleted: number[], latest: number): boolean {
  const known = new Set(considered)
  return (
    considered.every((version, i) => version >= earliestPossible && version <= (considered[i - 1] ?? latest)) &&
    deleted.every((version) => known.has(version))
  )
}

/**
 * The offset of local time from UTC during the run, in milliseconds.
 *
 * A line tells the offset in whole hours, cut off towards zero. The quarters come from the line that is written as the run
 * begins, unless the two contradict each other.
 */
function utcOffset(startLine: string | undefined, otherLine: string, beganAt: Date | null): number | null {
  const start = startLine === undefined ? null : readPrefix(startLine)
  if (!start) return readPrefix(otherLine)?.wholeHours ?? null
  if (!beganAt) return start.wholeHours
  const toQuarter = Math.round((start.local - beganAt.getTime()) / quarterMs) * quarterMs
  return Math.trunc(toQuarter / hourMs) * hourMs === start.wholeHours ? toQuarter : start.wholeHours
}

/** The prefix `yyyy-MM-dd HH:mm:ss zz - [` of a line, whatever the culture's separators. */
function readPrefix(line: string): { local: number; wholeHours: number } | null {
  const parts = /^(\d{4})\D(\d\d)\D(\d\d)\s(\d\d)\D(\d\d)\D(\d\d)\s([+-]\d\d)\s-\s\[/.exec(line)
  if (!parts) return null
  const [year = 0, month = 0, ...rest] = parts.slice(1, 7).map(Number)
  return { local: Date.UTC(year, month - 1, ...rest), wholeHours: Number(parts[7]) * hourMs }
}

/** The versions in a line such as `[Tag]: Backups to consider: t1, t2`; null if one of them is not of the form. */
function readList(line: string, form: RegExp, offset: number): number[] | null {
  const list = /\]: [^:]*:(.*)$/s.exec(line)?.[1]?.trim()
  if (list === undefined) return null
  const times = list === '' ? [] : list.split(', ').map((text) => readLocalTime(text, form))
  return times.every((time) => time !== null) ? times.map((time) => time - offset) : null
}

/** A local time, as though it were UTC; null if it is not of the form or no such time exists. */
function readLocalTime(text: string, form: RegExp): number | null {
  const { year, month = '', day = '', hour = '', minute, second, before, after } = form.exec(text)?.groups ?? {}
  const hour24 = toHour24(hour, before ?? after)
  const iso = `${gregorianYear(year)}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T${hour24}:${minute}:${second}.000Z`
  const time = Date.parse(iso)
  // A day or an hour too many would be carried over into the next month or day.
  return Number.isNaN(time) || new Date(time).toISOString() !== iso ? null : time
}

/** Four digits: of two the century is ours, and a year of the Buddhist era cannot be one of any other calendar that .NET has. */
function gregorianYear(year = ''): string {
  if (year.length === 2) return `20${year}`
  const number = Number(year)
  return number - buddhist >= 2000 && number - buddhist <= 2100 ? String(number - buddhist) : year
}

/** Two digits from 00 to 23 if the hour exists. */
function toHour24(hour: string, meridiem: string | undefined): string {
  if (!meridiem) return hour.padStart(2, '0')
  const isOnTheDial = Number(hour) >= 1 && Number(hour) <= 12
  const noon = isAfterNoon.test(meridiem) ? 12 : 0
  return isOnTheDial ? String((Number(hour) % 12) + noon).padStart(2, '0') : 'none'
}
