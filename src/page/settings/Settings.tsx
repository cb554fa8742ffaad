export function Settings(_: { part: string | undefined }) {
  return <h1>Settings</h1>
}
