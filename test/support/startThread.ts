// Takes the place of src/startThread.ts in the tests: threads run as users run them, from the build. From its source each would take a
// second to start, most of it to load the compiler.

import { Worker } from 'node:worker_threads'
import { compiled } from './compiled.ts'

export function startThread(_besides: string, name: string): Worker {
  return new Worker(compiled(`modules/${name}.js`))
}
