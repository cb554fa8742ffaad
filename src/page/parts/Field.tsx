// One field of a form, under its name. A value is what stands in it at first: what somebody writes there is never written over, though
// the part around it may be drawn anew at any time.

import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface Props {
  name: string
  label: string
  value?: string | number | null
  type?: 'text' | 'number' | 'password' | 'time' | 'url' | 'datetime-local'
  /** What else is to be known to fill it in. */
  hint?: ComponentChildren
  required?: boolean
}

export function Field({ name, label, value, type = 'text', hint, required = false }: Props) {
  const id = useId()
  return (
    <div class="field">
      <label>
        {label}
        <input
          name={name}
          {...kindOf(type)}
          defaultValue={String(value ?? '')}
          required={required}
          autocomplete="off"
          aria-describedby={hint ? id : undefined}
        />
      </label>
      <Hint id={id} hint={hint} />
    </div>
  )
}

/** Beside the label: it is no part of the name. */
function Hint({ id, hint }: { id: string; hint: ComponentChildren }) {
  return hint ? (
    <p id={id} class="hint">
      {hint}
    </p>
  ) : null
}

export function TextField({
  name,
  label,
  value,
  rows = 4,
}: Pick<Props, 'name' | 'label'> & { value?: string | null; rows?: number }) {
  return (
    <label>
      {label}
      <textarea name={name} rows={rows} defaultValue={value ?? ''} />
    </label>
  )
}

export function CheckField({
  name,
  label,
  checked,
  value,
}: {
  name: string
  label: string
  checked: boolean
  value?: string
}) {
  return (
    <label class="check">
      <input name={name} type="checkbox" defaultChecked={checked} value={value} />
      {label}
    </label>
  )
}

interface ChoiceProps {
  name: string
  label: string
  value?: string | null
  options: [value: string, word: string][]
}

export function ChoiceField({ name, label, value, options }: ChoiceProps) {
  const first = value ?? options[0]?.[0]
  return (
    <label>
      {label}
      <select name={name}>
        {options.map(([option, word]) => (
          <option key={option} value={option} selected={option === first}>
            {word}
          </option>
        ))}
      </select>
    </label>
  )
}

/** The types of Preact tell inputs of each kind apart, which a kind that is chosen here is not. */
function kindOf(type: string): { type: 'text' } {
  return { type: type as 'text' }
}

/** A time zone, of those that the browser knows. */
export function ZoneField({
  name,
  label,
  value,
  hint,
}: Pick<Props, 'name' | 'label' | 'hint'> & { value: string | null | undefined }) {
  const id = useId()
  return (
    <div class="field">
      <label>
        {label}
        <input
          name={name}
          list={`${id} zones`}
          defaultValue={value ?? ''}
          autocomplete="off"
          aria-describedby={hint ? id : undefined}
        />
      </label>
      <Hint id={id} hint={hint} />
      <datalist id={`${id} zones`}>
        {Intl.supportedValuesOf('timeZone').map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </div>
  )
}
