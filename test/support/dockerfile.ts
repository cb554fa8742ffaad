// Reads the Dockerfile and compose.yaml, for the tests that do without Docker what they say.

import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

export interface Step {
  word: string
  rest: string
}

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')

/** The steps of both stages: the build, and the image itself. */
export const [build, image] = stagesOf(read('Dockerfile')) as [Step[], Step[]]

/** What the image sets in the environment. */
export const imageVariables = Object.fromEntries(
  image
    .filter(({ word }) => word === 'ENV')
    .flatMap(({ rest }) => [...rest.matchAll(/(\w+)=("[^"]*"|\S+)/g)])
    .map(([, name, value]) => [name as string, (value as string).replaceAll('"', '')]),
)

export const compose = parse(read('compose.yaml')) as {
  services: { duplistatus: { environment: Record<string, string> } & Record<string, unknown> }
  volumes: Record<string, unknown>
}

/** What compose.yaml sets in the environment, where these variables are set on the host or in a file `.env`. */
export function composeVariables(host: Record<string, string>): Record<string, string> {
  const given = Object.entries(compose.services.duplistatus.environment)
  return Object.fromEntries(given.map(([name, value]) => [name, substituted(value, host)]))
}

/** With `:-`, the default stands for an empty variable too. */
function substituted(value: string, host: Record<string, string>): string {
  return value.replaceAll(/\$\{(\w+):-([^}]*)\}/g, (_, name, fallback) => host[name] || fallback)
}

/** The stages of a Dockerfile, each with its steps. */
function stagesOf(text: string): Step[][] {
  const stages: Step[][] = []
  for (const line of text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')) {
    const [, word = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? []
    if (word === 'FROM') stages.push([])
    else if (word) stages.at(-1)?.push({ word, rest })
  }
  return stages
}
