// The keys of the page: `/` searches, `j` and `k` go from row to row, Enter opens one, `?` shows this.

import { useEffect, useRef } from 'preact/hooks'

const keys: [string, string][] = [
  ['/', 'search'],
  ['j', 'next row'],
  ['k', 'previous row'],
  ['Enter', 'open the row'],
  ['g h', 'all backups'],
  ['?', 'this help'],
]

/** @param home goes to the first screen */
export function Keys({ home }: { home: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    let before = ''
    function press(event: KeyboardEvent): void {
      const target = event.target as HTMLElement
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        document.querySelector('dialog[open]') ||
        /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
      )
        return
      const key = before === 'g' ? `g ${event.key}` : event.key
      before = event.key
      const act = actions[key]
      if (!act) return
      event.preventDefault()
      act()
    }
    const actions: Record<string, () => void> = {
      '/': () => document.querySelector<HTMLElement>('input[type=search]')?.focus(),
      j: () => step(1),
      k: () => step(-1),
      'g h': home,
      '?': () => dialog.current?.showModal(),
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [home])
  return (
    <dialog ref={dialog} aria-labelledby="keys">
      <h2 id="keys">Keys</h2>
      <dl class="facts">
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  )
}

/** Goes to the link of the next row. */
function step(direction: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('main [data-row] a[href]:first-of-type')].filter(
    (link) => link.offsetParent !== null,
  )
  const rows = [...new Set(links.map((link) => link.closest('[data-row]')))].map((row) =>
    row?.querySelector<HTMLElement>('a[href]'),
  )
  const at = rows.findIndex((link) => link?.closest('[data-row]')?.contains(document.activeElement))
  const next = at === -1 ? (direction === 1 ? 0 : rows.length - 1) : at + direction
  rows[Math.min(rows.length - 1, Math.max(0, next))]?.focus()
}
