// Makes the pictures of README from the demonstration: `npm run screenshots`.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chromium } from 'playwright-core'
import { chromiumPath, flags } from '../test/browser/playground.ts'

const pictures = [
  { file: 'docs/fleet.png', path: '', shown: '.strip' },
  { file: 'docs/job.png', path: 'jobs/13', shown: '.plot canvas' },
]

const demo = spawn(process.execPath, ['dist/cli.js', 'demo', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
const browser = await chromium.launch({ executablePath: chromiumPath, args: flags })
try {
  const address = await listening()
  const page = await browser.newPage({
    viewport: { width: 1120, height: 760 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
  })
  for (const { file, path, shown } of pictures) {
    await page.goto(`${address}/${path}`)
    await page.locator(shown).first().waitFor()
    await page.locator('[data-connection=ONLINE]').waitFor()
    await page.screenshot({ path: file })
    console.log(file)
  }
} finally {
  await browser.close()
  demo.kill('SIGTERM')
  await once(demo, 'close')
}

/** Where the demonstration is, once it has written its history. */
async function listening(): Promise<string> {
  let output = ''
  for await (const chunk of demo.stdout) {
    output += chunk
    const address = /^ {2}(http:\/\/\S+) +the page$/m.exec(output)?.[1]
    if (address) return address
  }
  throw new Error(`The demonstration does not listen:\n${output}`)
}
