// Which files a run could not save, as far as its log names them. Releases from 2.3.0.4 on leave paths out of the log unless
// --allow-paths-in-log-messages is set.

import { maxLabelBytes, shortened } from '../domain/shortened.ts'

/** How many are read: a message names no more. */
const atMost = 5

/** A warning or an error of what processes the files of the source, and its first line. */
const ofFile = /^[^[\n]{0,60}\[(?:Warning|Error)-Duplicati\.Library\.Main\.Operation\.Backup\.[^\]\n]*\]: ([^\r\n]*)/

/** A path from the root: the sentence around it is in the machine's language. */
const path = /(?:[A-Za-z]:\\|\\\\|\/)[^\r\n"]+/

/** The first of the paths that the log names as failed, each once. */
export function failedFiles(lines: Iterable<string>): string[] {
  const found = new Set<string>()
  for (const line of lines) {
    const named = path.exec(ofFile.exec(line)?.[1] ?? '')?.[0]
    if (named) found.add(shortened(named.trim(), maxLabelBytes))
    if (found.size === atMost) break
  }
  return [...found]
}
