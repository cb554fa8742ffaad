// Which release this is.

import { readFileSync } from 'node:fs'

/** As package.json has it, which lies beside both the sources and the build. */
export const release: string = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version
