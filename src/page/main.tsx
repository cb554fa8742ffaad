// Starts the page.

import { render } from 'preact'
import { App } from './App.tsx'
import { base } from './base.ts'

const root = document.querySelector<HTMLElement>('#page')
if (root) render(<App workerUrl={`${base}page/${root.dataset.live}`} />, root)
