// Pairs of a name and what it is; those without a value are left out.

import type { ComponentChildren } from 'preact'

export function Facts({ of }: { of: [name: string, value: ComponentChildren][] }) {
  const known = of.filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false)
  return (
    <dl class="facts">
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
