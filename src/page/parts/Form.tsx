// A form of fields, its buttons, and what the server found wrong with it.

import type { CombinedError } from '@urql/core'
import type { ComponentChildren } from 'preact'
import { Problem } from './Problem.tsx'

interface Props {
  /** Gets what was filled in. */
  submit: (fields: Fields) => void
  button: string
  busy: boolean
  error: CombinedError | undefined
  cancel?: () => void
  danger?: boolean
  children?: ComponentChildren
}

export function Form({ submit, button, busy, error, cancel, danger = false, children }: Props) {
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        submit(new Fields(new FormData(event.currentTarget)))
      }}
    >
      {children}
      <Problem error={error} />
      <div class="actions">
        <button type="submit" class={danger ? 'danger' : 'primary'} disabled={busy}>
          {button}
        </button>
        {cancel && (
          <button type="button" onClick={cancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  )
}

/** What was filled into a form. */
export class Fields {
  private readonly data: FormData

  constructor(data: FormData) {
    this.data = data
  }

  /** Null where nothing was filled in. */
  text(name: string): string | null {
    return String(this.data.get(name) ?? '').trim() || null
  }

  /** Null where nothing was filled in; what is no number is left to the server to refuse. */
  number(name: string): number | null {
    const text = this.text(name)
    return text === null ? null : Number(text)
  }

  checked(name: string): boolean {
    return this.data.get(name) !== null
  }

  all(name: string): string[] {
    return this.data.getAll(name).map(String)
  }

  /** Words with commas between them. */
  list(name: string): string[] {
    return (this.text(name) ?? '').split(',').flatMap((word) => word.trim() || [])
  }
}
