// The page of GraphiQL and the files it loads. They are those of a package, so that nothing is fetched from elsewhere; ours are
// the tabs of the first visit and how it looks. Nothing is inline: a browser can be told to run what comes from here alone.

import { exampleOperations } from '../../graphql/serving/exampleOperations.ts'
import { type Asset, createAsset, hashOf } from './asset.ts'

export interface GraphiqlPage {
  html: string
  hash: string
  /** What the page loads, by path. */
  files: Map<string, Asset>
}

export const filesPath = '/graphql/assets/'

/** What the page may do: run, fetch and show what comes from here. The editor makes styles as it goes. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  'font-src data:',
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="8" fill="#2563eb"/>
  <path d="m9 16.5 5 5 9-11" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/>
</svg>
`

const start = `const root = document.querySelector('#root')
const { workers, ...options } = JSON.parse(root.dataset.options)
self.MonacoEnvironment = { getWorkerUrl: (module, label) => workers[label] }

// A link may bring a query, its variables, and which of several operations is meant. GraphiQL itself reads the query alone, and would
// show it with the variables of the last visit.
const link = new URLSearchParams(location.search)
const query = link.get('query')
if (query) {
  options.query = chosenOperation(link.get('operationName'), query) + query
  options.variables = link.get('variables') ?? ''
  if (options.variables) options.defaultEditorToolsVisibility = 'variables'
}

// GraphiQL remembers the tabs of the first visit but not which one was open, and would open an empty one at the second.
if (!localStorage.getItem('graphiql:tabState')) {
  if (query) options.defaultTabs.unshift({ query: options.query, variables: options.variables })
  localStorage.setItem('graphiql:query', options.defaultTabs[0].query)
}

// GraphiQL asks at every run which operation is meant, and cannot be told beforehand for one tab alone.
function chosenOperation(name, query) {
  const several = (query.match(/\\b(?:query|mutation|subscription)\\b\\s*\\w*\\s*[({@]/g) ?? []).length > 1
  return name && several ? '# The link is about the operation ' + name.replaceAll(/[^\\w]/g, '') + '.\\n' : ''
}

// The token of the page at /, for whoever comes from there. One that stands under Headers comes before it.
const token = sessionStorage.getItem('duplistatus:token') ?? localStorage.getItem('duplistatus:token')
if (token) options.additionalHeaders = { authorization: 'Bearer ' + token }

// Tabs that change their width when the font comes are not where they seem to be: the first click on one would miss it.
await document.fonts.load('1rem Roboto')

// Without onEditQuery, all that is typed is written into the address too, until that is longer than a server takes.
YogaGraphiQL.renderYogaGraphiQL(root, { ...options, onEditQuery() {} })
`

/** Loads the package, which takes a moment and 50 MB: whoever never opens the page does not pay for it. */
export async function loadGraphiql(): Promise<GraphiqlPage> {
  const parts = await import('@graphql-yoga/render-graphiql/graphiql')
  const files = new Map<string, Asset>()
  function add(name: string, extension: 'js' | 'css' | 'svg', content: string): string {
    const asset = createAsset(content, contentTypes[extension])
    const path = `${filesPath}${name}-${asset.hash}.${extension}`
    files.set(path, asset)
    // Relative to the page, so that it works behind a proxy that serves it under another path.
    return path.slice(1)
  }

  const iconFile = add('icon', 'svg', icon)
  const options = {
    title: 'duplistatus',
    logo: `<img src="${iconFile}" alt="" width="28" height="28">`,
    defaultTabs: exampleOperations.map((query) => ({ query })),
    // What a new tab begins with.
    defaultQuery: '# Ctrl-Space shows what can stand here.\n\n',
    // The variables and the headers are folded away: a click opens them.
    defaultEditorToolsVisibility: false,
    // A token in a header is kept by the browser only if its user says so in the settings.
    shouldPersistHeaders: false,
    // Subscriptions too: by GET, a long one would not fit into the address.
    method: 'POST',
    workers: {
      editorWorkerService: add('editor-worker', 'js', parts.editorWorkerService),
      json: add('json-worker', 'js', parts.jsonWorker),
      graphql: add('graphql-worker', 'js', parts.graphqlWorker),
    },
  }
  const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${options.title}</title>
    <link rel="icon" href="${iconFile}">
    <link rel="stylesheet" href="${add('graphiql', 'css', parts.css)}">
    <script src="${add('graphiql', 'js', parts.js)}" defer></script>
    <script src="${add('start', 'js', start)}" type="module"></script>
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript. The API is at this address, for requests by POST.</noscript>
    <div id="root" data-options="${escapeAttribute(JSON.stringify(options))}"></div>
  </body>
</html>
`
  return { html, hash: hashOf(html), files }
}

const contentTypes = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}
