// There is no Docker where the tests run: what the image is built from is read, and its steps are done in a folder instead.

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (name: string) => readFileSync(join(root, name), 'utf8')
const dockerfile = read('Dockerfile')

it('builds from what .dockerignore leaves, and starts from what is copied into the image', async () => {
  const ignored = read('.dockerignore').trim().split('\n')
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-image-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [build, image] = [join(folder, 'build'), join(folder, 'image')]
  const takes = (path: string) =>
    !ignored.some((entry) => path === join(root, entry) || path.startsWith(`${join(root, entry)}/`))
  cpSync(root, build, { recursive: true, filter: takes })
  symlinkSync(join(root, 'node_modules'), join(build, 'node_modules'))
  execFileSync('npm', ['run', 'build'], { cwd: build, stdio: 'pipe' })

  const copied = [...dockerfile.matchAll(/^COPY --from=build \/app\/(\S+)/gm)].map(([, path]) => path ?? '')
  expect(copied).toEqual(['node_modules', 'dist', 'prisma', 'package.json'])
  for (const path of copied.slice(1)) cpSync(join(build, path), join(image, basename(path)), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(image, 'node_modules'))
  const [command, ...args] = JSON.parse(/^CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? '[]') as string[]
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    PORT: '0',
    DATABASE_URL: `file:${folder}/data/backups.db`,
  }
  const server = spawn(command ?? '', args, { cwd: image, env })
  onTestFinished(() => void server.kill('SIGKILL'))
  let output = ''
  for await (const chunk of server.stdout) {
    output += chunk
    if (output.includes('Listening')) break
  }
  const address = /http:\/\/localhost:\d+/.exec(output)?.[0]
  expect((await fetch(`${address}/api/health`)).status).toBe(200)
  server.kill('SIGTERM')
  expect(await once(server, 'exit')).toEqual([0, null])
}, 60_000)

it('runs as an ordinary user, keeps its data in a volume, and tells whether it is healthy', () => {
  const final = dockerfile.slice(dockerfile.lastIndexOf('FROM'))
  expect(final).toMatch(/^USER node$/m)
  expect(final).toMatch(/^VOLUME \/app\/data$/m)
  expect(final).toMatch(/^EXPOSE 9666$/m)
  expect(final).toMatch(/^ENV .*HOST=0\.0\.0\.0 DATABASE_URL=file:\/app\/data\/backups\.db$/m)
  const check = JSON.parse(/HEALTHCHECK [^[]*(\[.*\])$/ms.exec(final)?.[1]?.split('\n')[0] ?? '[]') as string[]
  expect(() =>
    execFileSync(check[0] ?? '', check.slice(1), { env: { ...process.env, PORT: '1' }, stdio: 'pipe' }),
  ).toThrow()
})

it('is composed as the guide has it', () => {
  const compose = read('compose.yaml')
  expect(compose).toContain('container_name: duplistatus')
  expect(compose).toContain('"9666:9666"')
  expect(compose).toMatch(/- \w+:\/app\/data$/m)
})
