// Improves pages that already work without it: components, work in progress, and the end of a quiet session.
// One file, because a phone on a slow line pays for every request.
import { initAll } from './govuk-frontend.min.js'

const FIRST_WAIT = 1500
const LONGEST_WAIT = 15000
const WARNING = 5 * 60 * 1000
const TICK = 1000

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()
withoutExpandedRadios()
document.addEventListener('click', withoutExpandedRadios)
window.addEventListener('pageshow', withoutExpandedRadios)
document.querySelectorAll('[data-refresh-url]').forEach((part) => followProgress(part))
document.querySelectorAll('dialog[data-session-warning]').forEach(warnBeforeSignOut)
if (document.querySelector('form[data-upload-url]')) import('./upload.js')

// A radio has no expanded state in ARIA: what it reveals comes straight after it and is read in turn.
function withoutExpandedRadios() {
  document.querySelectorAll('[type=radio][aria-expanded]').forEach((radio) => radio.removeAttribute('aria-expanded'))
}

// Asks again for a part of the page while the server is still working on it, ever more slowly, and stops when it is done.
function followProgress(part, wait = FIRST_WAIT) {
  setTimeout(() => refresh(part, wait), wait)
}

async function refresh(part, wait) {
  const next = document.hidden ? null : await fetched(part).catch(() => null)
  if (next) {
    // The words alone are swapped, so the live region stays and a screen reader says what changed.
    if (part.textContent !== next.textContent) part.replaceChildren(...next.childNodes)
    part.className = next.className
    if (!next.dataset.refreshUrl) {
      delete part.dataset.refreshUrl
      part.dataset.done = ''
      return
    }
  }
  followProgress(part, Math.min(wait * 1.5, LONGEST_WAIT))
}

async function fetched(part) {
  const response = await fetch(part.dataset.refreshUrl, { headers: { Accept: 'text/html' }, cache: 'no-store' })
  if (!response.ok) return null
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  return page.getElementById(part.id)
}

// Warns five minutes before a quiet session ends. Every open tab counts: what one of them does keeps the others signed in.
function warnBeforeSignOut(dialog) {
  const length = Number(dialog.dataset.sessionSeconds) * 1000
  const form = dialog.querySelector('form')
  const text = dialog.querySelector('[data-session-text]')
  const tabs = new BroadcastChannel('session')
  let end = Date.now() + length

  const renewed = () => {
    end = Date.now() + length
    if (dialog.open) dialog.close()
  }
  const extend = async () => {
    const request = { method: 'POST', body: new FormData(form), headers: { Accept: 'application/json' } }
    const response = await fetch(form.action, request).catch(() => null)
    if (!response?.ok) return
    renewed()
    tabs.postMessage('renewed')
  }
  const look = () => {
    const left = end - Date.now()
    if (left <= 0) return window.location.reload()
    if (left > Math.min(WARNING, length / 2)) return
    const minutes = Math.ceil(left / 60000)
    const sentence = `We will sign you out in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}, to keep children’s records safe. Answers you have saved are kept.`
    if (text.textContent !== sentence) text.textContent = sentence
    if (!dialog.open) dialog.showModal()
  }

  tabs.addEventListener('message', renewed)
  tabs.postMessage('renewed')
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    extend()
  })
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault()
    extend()
  })
  setInterval(look, TICK)
}
