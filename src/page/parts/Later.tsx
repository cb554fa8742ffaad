// A part of the page that is loaded when it is first needed.

import type { ComponentChild } from 'preact'
import { useEffect, useState } from 'preact/hooks'

interface Props<Module> {
  load: () => Promise<Module>
  pick: (module: Module) => ComponentChild
}

export function Later<Module>({ load, pick }: Props<Module>) {
  const [module, setModule] = useState<Module>()
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    load().then(
      (loaded) => setModule(() => loaded),
      () => setFailed(true),
    )
  }, [])
  // After an upgrade of the server, the files of the old page are gone.
  if (failed) return <p class="problem">This part could not be loaded. Load the page again.</p>
  return module ? pick(module) : null
}
