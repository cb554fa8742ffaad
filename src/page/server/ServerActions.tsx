// What can be done with a server, by whoever may.

import { useState } from 'preact/hooks'
import { useMay } from '../client/viewer.tsx'
import { Bulk } from '../parts/Bulk.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { ConnectServer } from './ConnectServer.tsx'
import { DeleteServer } from './DeleteServer.tsx'
import { EditServer } from './EditServer.tsx'
import { MergeServer } from './MergeServer.tsx'
import type { ServerData } from './Server.tsx'
import { SplitServer } from './SplitServer.tsx'

const dialogs = {
  edit: { title: 'Change this server', of: EditServer },
  connect: { title: 'Ask its Duplicati', of: ConnectServer },
  merge: { title: 'Merge into another server', of: MergeServer },
  split: { title: 'Split this server', of: SplitServer },
  remove: { title: 'Delete this server', of: DeleteServer },
}

export function ServerActions({ server }: { server: ServerData }) {
  const may = useMay()
  const [open, setOpen] = useState<keyof typeof dialogs | null>(null)
  if (!may('ADMIN')) return null
  const dialog = open && dialogs[open]
  const close = () => setOpen(null)
  const paused = server.jobs.filter(({ state }) => state === 'PAUSED').length
  return (
    <>
      <div class="actions">
        <button type="button" onClick={() => setOpen('edit')}>
          Edit
        </button>
        <Bulk by={{ server: server.id }} of="jobs" paused={paused} total={server.jobs.length} />
        <button type="button" onClick={() => setOpen('connect')}>
          Duplicati
        </button>
        <button type="button" onClick={() => setOpen('merge')}>
          Merge
        </button>
        {server.machineIds.length > 1 && (
          <button type="button" onClick={() => setOpen('split')}>
            Split
          </button>
        )}
        <button type="button" class="danger" onClick={() => setOpen('remove')}>
          Delete
        </button>
      </div>
      {dialog && (
        <Dialog title={dialog.title} close={close}>
          <dialog.of server={server} close={close} />
        </Dialog>
      )}
    </>
  )
}
