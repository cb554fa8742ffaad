// How large a database is on its disk. Nothing is opened: closing a live database file would drop the locks that SQLite has on it.

import { stat } from 'node:fs/promises'

/** In bytes; 0 where there is no such file. */
export interface FileSizes {
  file: number
  /** The write-ahead log. */
  log: number
}

export async function readFileSizes(file: string): Promise<FileSizes> {
  const [size, log] = await Promise.all(
    [file, `${file}-wal`].map((path) =>
      stat(path).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return { file: size as number, log: log as number }
}
