// Reads the text of log lines, of each no more than anybody is shown: those that an older release stored may be of any length.

import type { Database } from 'better-sqlite3'
import type { LogLevel, LogLine } from '../../domain/report.ts'
import { maxLineBytes, shortened } from '../../domain/shortened.ts'

/** The columns of which `textOf` makes the text of a line. The beginning is taken of the bytes, because substr ends text at a NUL. */
export const boundedText = `octet_length(text) AS bytes,
  CASE WHEN octet_length(text) > ${maxLineBytes} THEN substr(CAST(text AS BLOB), 1, ${maxLineBytes}) ELSE text END AS text`

export interface StoredLine {
  bytes: number
  text: string | Buffer
}

/** The text of a line, shortened if it is very long. */
export function textOf({ bytes, text }: StoredLine): string {
  if (typeof text === 'string') return text
  // As a stream, a character at the end of which bytes are missing is left out.
  return shortened(new TextDecoder('utf-8', { ignoreBOM: true }).decode(text, { stream: true }), maxLineBytes, bytes)
}

interface RunLine extends Pick<LogLine, 'level' | 'sequence'> {
  backupId: number
}

/** @param database a connection for reading only */
export function logLineQuery(database: Database) {
  const some = database.prepare<[string, number], StoredLine & { at: number }>(`
    SELECT wanted.key AS at, ${boundedText} FROM json_each(?) AS wanted JOIN log_lines AS l
      ON l.backup_id = ? AND l.level = wanted.value ->> 0 AND l.sequence = wanted.value ->> 1`)
  const ofLevel = database.prepare<[number, LogLevel], StoredLine>(
    `SELECT ${boundedText} FROM log_lines WHERE backup_id = ? AND level = ? ORDER BY sequence`,
  )
  const countOfLevel = database
    .prepare<[number, LogLevel], number>('SELECT count(*) FROM log_lines WHERE backup_id = ? AND level = ?')
    .pluck()

  return {
    /** The same lines of a run, with their texts; that of a line which is gone by now is empty. */
    withText: (backupId: number, lines: RunLine[]): (RunLine & { text: string })[] => {
      const found = some.all(JSON.stringify(lines.map(({ level, sequence }) => [level, sequence])), backupId)
      const texts = new Map(found.map(({ at, ...line }) => [at, textOf(line)]))
      return lines.map((line, index) => ({ ...line, text: texts.get(index) ?? '' }))
    },
    /** The texts of the first lines of a level; they are read one by one, as they are asked for. */
    ofLevel: function* (backupId: number, level: LogLevel): Generator<string> {
      for (const line of ofLevel.iterate(backupId, level)) yield textOf(line)
    },
    countOfLevel: (backupId: number, level: LogLevel): number => countOfLevel.get(backupId, level) ?? 0,
  }
}
