// Starts a thread that runs a source file of ours.

import { Worker } from 'node:worker_threads'

/**
 * @param besides the URL of the module that the file stands beside
 * @param name of the file, without its extension
 */
export function startThread(besides: string, name: string): Worker {
  if (besides.endsWith('.js')) return new Worker(new URL(`${name}.js`, besides))
  // Uncompiled, as in tests, it goes through tsx, which a thread has to be told anew.
  const source = JSON.stringify(new URL(`${name}.ts`, besides).href)
  return new Worker(`import('tsx/esm/api').then(({ register }) => { register(); return import(${source}) })`, {
    eval: true,
  })
}
