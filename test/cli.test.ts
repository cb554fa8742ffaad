// The commands beside the server, as processes: what they say, what they do, and what they leave alone. It is long because
// restore and verify have many ways to go wrong; `migrate` is tested beside it.

import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepareFile } from '../src/database/file/prepareFile.ts'
import { duplistatus, run } from './support/cli.ts'
import { newPlace } from './support/folders.ts'
import { oldCounts, writeOldDatabase, writeUncheckpointed } from './support/oldDatabase.ts'
import { startProcess } from './support/process.ts'
import { report } from './support/report.ts'
import { allRows, change, changeInLog, damage, emptyIndex, fingerprints } from './support/states.ts'

/** A database of this release with the rows of an old one, which nobody changes. */
let ours = ''
beforeAll(async () => {
  ours = join(mkdtempSync(join(tmpdir(), 'duplistatus-')), 'backups.db')
  writeOldDatabase(ours, '0.6')
  await prepareFile(ours, new Date(), pino({ level: 'silent' }))
})
afterAll(() => rmSync(dirname(ours), { recursive: true }))

describe('what is typed', () => {
  it('is explained by --help', async () => {
    const names = ['migrate', 'backup', 'restore', 'verify']
    const [all, ...each] = await Promise.all(
      [[], ...names.map((name) => [name])].map((args) => duplistatus('x', ...args, '--help')),
    )
    for (const name of names) expect(all?.stdout).toMatch(new RegExp(`^  ${name} `, 'm'))
    expect(each.map(({ code, stdout }) => `${code} ${stdout.split('\n')[0]}`)).toEqual([
      '0 Usage: duplistatus migrate [options]',
      '0 Usage: duplistatus backup [options] [file]',
      '0 Usage: duplistatus restore [options] <file>',
      '0 Usage: duplistatus verify [options] [file]',
    ])
    expect(each[0]?.stdout).toMatch(/--status[\s\S]*--dry-run <file>[\s\S]*--json/)
  })

  it('is refused where it makes no sense, with a hint at the help and exit code 1', async () => {
    const file = newPlace()
    const typed = [['nonsense'], ['restore'], ['migrate', '--dry-run'], ['backup', 'a', 'b'], []]
    const ended = await Promise.all(typed.map((args) => duplistatus(file, ...args)))
    expect(ended.map(({ code, stdout }) => [code, stdout])).toEqual(typed.map(() => [1, '']))
    const hint = '(duplistatus --help lists the commands)'
    expect(ended.slice(0, 4).map(({ stderr }) => stderr.trimEnd().split('\n'))).toEqual([
      ["error: unknown command 'nonsense'", hint],
      ["error: missing required argument 'file'", hint],
      ["error: option '--dry-run <file>' argument missing", hint],
      ["error: too many arguments for 'backup'. Expected 1 argument but got 2.", hint],
    ])
    expect(ended[4]?.stderr).toMatch(/^Usage: duplistatus/)
    expect(readdirSync(dirname(file))).toEqual([])
  })

  it('is not looked at while the environment is not right, which is said as the server says it', async () => {
    const environment = { PORT: 'x', DATABASE_URL: 'postgres://x', LOG_LEVEL: 'loud' }
    const [server, command] = await Promise.all([
      run('main.js', [], environment),
      run('cli.js', ['migrate', '--status'], environment),
    ])
    expect(command).toEqual(server)
    expect(command).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('PORT must be') })
  })
})

describe('backup', () => {
  it('copies everything that was answered, while the server takes reports', async () => {
    const file = newPlace()
    const copy = join(dirname(file), 'copies', 'copy.db')
    mkdirSync(dirname(copy))
    const server = startProcess({ DATABASE_URL: `file:${file}` })
    const address = await server.listening
    let answered = 0
    let busy = true
    const pump = async () => {
      while (busy) {
        const BeginTime = new Date(Date.UTC(2026, 0, 1, 0, 0, answered)).toISOString()
        const body = JSON.stringify(report({ data: { BeginTime }, logLines: ['a line'] }))
        expect((await fetch(`${address}/api/upload`, { method: 'POST', body })).status).toBe(200)
        answered++
      }
    }
    const pumping = pump()
    while (answered < 20) await new Promise((resolve) => setTimeout(resolve, 10))
    const before = answered
    const made = await duplistatus(file, 'backup', copy)
    busy = false
    await pumping
    expect(made).toEqual({ code: 0, stdout: `${file} was copied to ${copy}.\n`, stderr: '' })
    expect(answered).toBeGreaterThan(before)
    // A single file: nothing waits in a log beside it.
    expect(readdirSync(dirname(copy))).toEqual(['copy.db'])
    // Byte 18 of an SQLite file: 1 is a rollback journal, 2 is WAL mode, in which reading the copy would leave a log.
    expect(readFileSync(copy)[18]).toBe(1)
    expect(await duplistatus(file, 'verify', copy)).toMatchObject({ code: 0, stdout: `${copy} is in order.\n` })
    const { backups, log_lines } = allRows(copy)
    expect(backups?.length).toBeGreaterThanOrEqual(before)
    expect(backups?.length).toBeLessThanOrEqual(answered)
    expect(log_lines).toHaveLength(backups?.length ?? 0)
  })

  it('finds a name of its own, and never overwrites a file', async () => {
    const file = givenOurs()
    const { copy } = JSON.parse((await duplistatus(file, 'backup', '--json')).stdout)
    expect(copy).toMatch(/\/backups-copy-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.db$/)
    expect(allRows(copy)).toEqual(allRows(file))
    const before = fingerprints(file)
    const [existing, folderless, missing] = await Promise.all([
      duplistatus(file, 'backup', copy),
      duplistatus(file, 'backup', `${file}-no/copy.db`),
      duplistatus(`${file}-no`, 'backup'),
    ])
    expect(existing).toEqual({ code: 1, stdout: '', stderr: `${copy} exists already; name another file.\n` })
    expect(folderless).toEqual({ code: 1, stdout: '', stderr: `There is no folder ${file}-no.\n` })
    expect(missing).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(`There is no ${file}-no;`) })
    expect(fingerprints(file)).toEqual(before)
  })
})

describe('restore', () => {
  it('puts the copy in the place of the database, which is kept, and removes a log that was left beside it', async () => {
    const file = givenOurs()
    const copy = join(dirname(file), 'copy.db')
    writeOldDatabase(copy, '0.6')
    changeInLog(file, "INSERT INTO configurations (key, value) VALUES ('written', 'last')")
    writeFileSync(`${file}-shm`, Buffer.alloc(32_768, 'stale'))
    const inCopy = fingerprints(copy)['copy.db']
    const ended = await duplistatus(file, 'restore', copy, '--json')
    const { kept } = JSON.parse(ended.stdout)
    expect(JSON.parse(ended.stdout)).toEqual({
      file,
      restored: copy,
      kept: expect.stringMatching(/backups-copy-[-T\d]+\.db$/),
    })
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(dirname(file))).toEqual([basename(kept), 'backups.db', 'copy.db'])
    expect(fingerprints(copy)['copy.db']).toBe(inCopy)
    expect(allRows(file)).toEqual(allRows(copy))
    expect(allRows(kept).configurations).toContainEqual({ key: 'written', value: 'last' })
  })

  it('refuses while a server has the database open, and changes nothing', async () => {
    const file = newPlace()
    const server = startProcess({ DATABASE_URL: `file:${file}` })
    const address = await server.listening
    const upload = () => fetch(`${address}/api/upload`, { method: 'POST', body: JSON.stringify(report()) })
    await upload()
    const before = fingerprints(file)
    expect(await duplistatus(file, 'restore', ours)).toEqual({
      code: 1,
      stdout: '',
      stderr: `Another process has ${file} open, most likely the server; stop it first.\n`,
    })
    expect(fingerprints(file)).toEqual(before)
    expect(await (await upload()).json()).toEqual({ success: true, backup: { id: 1 }, duplicate: true })
    server.child.kill('SIGTERM')
    expect(await server.exited).toBe(0)
    expect(allRows(file).backups).toHaveLength(1)
  })

  it('refuses while a server has the database open, even if that was damaged meanwhile', async () => {
    const file = newPlace()
    const server = startProcess({ DATABASE_URL: `file:${file}` })
    await fetch(`${await server.listening}/api/upload`, { method: 'POST', body: JSON.stringify(report()) })
    truncateSync(file, 8192)
    const ended = await duplistatus(file, 'restore', ours)
    expect(ended).toMatchObject({
      code: 1,
      stderr: `Another process has ${file} open, most likely the server; stop it first.\n`,
    })
  })

  const unusable: [name: string, make: (copy: string) => void, sentence: RegExp][] = [
    ['that is not there', () => {}, /^There is no COPY\.$/],
    [
      'of something else',
      (copy) => change(copy, 'CREATE TABLE songs (title TEXT)'),
      /^COPY is not a duplistatus database;/,
    ],
    ['that is no database', (copy) => writeFileSync(copy, 'Dear diary, nothing.'), /^COPY is not an SQLite database;/],
    ['that is empty', (copy) => writeFileSync(copy, ''), /^COPY is empty; name the copy to restore\.$/],
    ['that was cut off', (copy) => givenCutOff(copy), /^COPY is damaged \(.+\); restore an earlier copy of it\.$/],
    ['with a damaged page', (copy) => givenDamaged(copy), /^COPY is damaged \(.+\); restore an earlier copy of it\.$/],
  ]
  it.each(unusable)('refuses a copy %s, and changes nothing', async (_, make, sentence) => {
    const file = givenOurs()
    const copy = join(dirname(file), 'copy.db')
    make(copy)
    const before = fingerprints(file)
    const ended = await duplistatus(file, 'restore', copy)
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr.trimEnd().replace(copy, 'COPY')).toMatch(sentence)
    expect(fingerprints(file)).toEqual(before)
  })

  it('refuses the database itself', async () => {
    const file = givenOurs()
    const ended = await duplistatus(file, 'restore', file)
    expect(ended).toMatchObject({ code: 1, stderr: `${file} is the database itself; name the copy to restore.\n` })
  })

  it('works where there is no database yet, and no folder, or only the log of one that is gone', async () => {
    const [folderless, gone] = [join(dirname(newPlace()), 'data', 'backups.db'), newPlace()]
    const other = givenOurs()
    changeInLog(other, "INSERT INTO configurations (key, value) VALUES ('of', 'another')")
    copyFileSync(`${other}-wal`, `${gone}-wal`)
    for (const file of [folderless, gone]) {
      const ended = await duplistatus(file, 'restore', ours)
      expect(ended).toEqual({ code: 0, stdout: `${file} was restored from ${ours}.\n`, stderr: '' })
      expect(readdirSync(dirname(file))).toEqual(['backups.db'])
      expect(allRows(file)).toEqual(allRows(ours))
    }
  })

  const broken: [name: string, make: (file: string) => void][] = [
    ['was cut off', (file) => givenCutOff(file)],
    ['has a damaged page', (file) => givenDamaged(file)],
    ['is none any more', (file) => writeFileSync(file, 'Dear diary, nothing.')],
  ]
  it.each(broken)('keeps a database that %s as it is, and puts the copy in its place', async (_, make) => {
    const file = newPlace()
    make(file)
    const damagedFile = readFileSync(file)
    const { kept } = JSON.parse((await duplistatus(file, 'restore', ours, '--json')).stdout)
    expect(kept).toMatch(/backups-copy-[-T\d]+-damaged\.db$/)
    expect(readFileSync(kept).equals(damagedFile)).toBe(true)
    expect(readdirSync(dirname(file))).toEqual([basename(kept), 'backups.db'])
    expect(await duplistatus(file, 'verify')).toMatchObject({ code: 0 })
  })

  it('restores a copy of an old release, with what waits in its log, and the next start takes it over', async () => {
    const [file, copy] = [givenOurs(), newPlace()]
    writeUncheckpointed(copy, '0.9')
    expect(await duplistatus(file, 'restore', copy)).toMatchObject({ code: 0 })
    const server = startProcess({ DATABASE_URL: `file:${file}` })
    const { data } = (await (await fetch(`${await server.listening}/api/servers`)).json()) as { data: unknown[] }
    expect(data).toHaveLength(oldCounts('0.9').machines)
    expect(server.output()).toContain('was left by release 0.9 to 1.4')
  })
})

describe('verify', () => {
  it('finds a good database in order, also one whose rows are in the log, and leaves it alone', async () => {
    const [file, unfinished] = [givenOurs(), givenOurs()]
    changeInLog(unfinished, "INSERT INTO configurations (key, value) VALUES ('written', 'last')")
    for (const good of [file, unfinished]) {
      const before = fingerprints(good)
      expect(await duplistatus('x', 'verify', good)).toEqual({ code: 0, stdout: `${good} is in order.\n`, stderr: '' })
      expect(fingerprints(good)).toEqual(before)
    }
    expect(JSON.parse((await duplistatus(file, 'verify', '--json')).stdout)).toEqual({ file, problems: [] })
  })

  const tampered: [what: string, sql: string, problem: string][] = [
    [
      'a total',
      'UPDATE backup_jobs SET runs = runs + 1 WHERE id = 1',
      'BackupJob:1 remembers runs 4, but its runs say 3.',
    ],
    [
      'a sum of bytes, by one',
      'UPDATE backup_jobs SET uploaded_size = uploaded_size + 1 WHERE id = 1',
      'BackupJob:1 remembers uploadedSize 3703702, but its runs say 3703701.',
    ],
    [
      'the latest run of a job',
      'UPDATE backup_jobs SET latest_backup_id = 1 WHERE id = 1; UPDATE servers SET latest_backup_id = 1 WHERE id = 1',
      'BackupJob:1 remembers latestBackupId 1, but its runs say 11.',
    ],
    [
      'the latest run of a server',
      'UPDATE servers SET latest_backup_id = NULL WHERE id = 1',
      'Server:1 has the latest run null, but its jobs say 11.',
    ],
    [
      'the server of a machine-id',
      'UPDATE machine_ids SET server_id = 99 WHERE server_id = 4',
      'Row 4 of machine_ids belongs to a row of servers that is not there.',
    ],
  ]
  it.each(tampered)('names %s that was tampered with', async (_, sql, problem) => {
    const file = givenOurs()
    change(file, sql)
    const ended = await duplistatus(file, 'verify')
    expect(ended).toEqual({ code: 1, stdout: `${problem}\n`, stderr: '' })
  })

  it('names everything that is wrong at once', async () => {
    const file = givenOurs()
    change(file, tampered.map(([, sql]) => sql).join(';'))
    const ended = await duplistatus(file, 'verify', '--json')
    expect(ended).toMatchObject({ code: 1, stderr: '' })
    expect(JSON.parse(ended.stdout).problems.length).toBeGreaterThanOrEqual(4)
  })

  it('finds a damaged page, a file that was cut off, and an index that lacks its rows', async () => {
    const [page, cut, index] = [newPlace(), newPlace(), givenOurs()]
    givenDamaged(page)
    givenCutOff(cut)
    emptyIndex(index, 'servers_name_idx')
    const [ofPage, ofCut, ofIndex] = await Promise.all([page, cut, index].map((file) => duplistatus(file, 'verify')))
    expect([ofPage?.code, ofCut?.code, ofIndex?.code]).toEqual([1, 1, 1])
    expect(ofPage?.stderr).toMatch(/^\S+ is damaged \(.+\); restore an earlier copy of it\.\n$/)
    expect(ofCut?.stderr).toMatch(/^\S+ is damaged \(.+\); restore an earlier copy of it\.\n$/)
    expect(ofIndex?.stdout).toMatch(/^The file is damaged: row 1 missing from index servers_name_idx\.$/m)
  })

  it('refuses a database of an old release', async () => {
    const file = newPlace()
    writeOldDatabase(file, '0.7')
    const ended = await duplistatus(file, 'verify')
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toMatch(/ was left by release 0\.7;.+ Only a database of this release can be verified\.\n$/)
  })
})

function givenOurs(): string {
  const file = newPlace()
  copyFileSync(ours, file)
  return file
}

function givenCutOff(file: string) {
  copyFileSync(ours, file)
  truncateSync(file, 20_000)
}

function givenDamaged(file: string) {
  copyFileSync(ours, file)
  damage(file, 'backups')
}
