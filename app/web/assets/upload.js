// Sends a file straight to storage, so that a large one does not pass through the service. Whatever goes wrong on the
// way, the form is sent as it would be without this script.
const SENDING = 'Sending your file. Keep this page open.'
const SENT = 'Your file has arrived.'

document.addEventListener('submit', (event) => {
  const form = event.target
  if (!form.dataset.uploadUrl) return
  event.preventDefault()
  if (form.dataset.busy) return
  form.dataset.busy = 'yes'
  send(form).catch(() => form.submit())
})

async function send(form) {
  const file = form.querySelector('[type=file]').files[0]
  const begun = await fetch(form.dataset.uploadUrl, { method: 'POST', body: withoutFile(form, file) })
  if (begun.status === 422) return showProblems(form, await begun.text())
  if (begun.status !== 201) throw new Error('not begun')
  const there = await begun.json()
  say(form, SENDING)
  await put(there, file)
  await complete(form, there)
  say(form, SENT)
  window.location.assign(there.page)
}

// The same answers as the form's, with what the file says of itself in its place. Beginning twice is harmless, so
// the key that makes the form itself unique stays unused for the case that it must be sent after all.
function withoutFile(form, file) {
  const answers = new FormData(form)
  answers.delete('idempotency_key')
  answers.set('file', file?.name ?? '')
  answers.set('size', file?.size ?? '')
  return answers
}

async function put(there, file) {
  const parts = new FormData()
  Object.entries(there.fields).forEach(([name, value]) => parts.append(name, value))
  parts.append('file', file)
  const answer = await fetch(there.url, { method: 'POST', body: parts, credentials: 'omit' })
  if (!answer.ok) throw new Error('not stored')
}

async function complete(form, there) {
  const answers = new FormData()
  answers.append('csrf_token', form.elements.csrf_token.value)
  const answer = await fetch(there.completion, { method: 'POST', body: answers, redirect: 'manual' })
  if (answer.type !== 'opaqueredirect') throw new Error('not completed')
}

// The server writes the sentences; the chosen file is carried over, so nothing is lost.
function showProblems(form, html) {
  const page = new DOMParser().parseFromString(html, 'text/html')
  const chosen = form.querySelector('[type=file]').files
  const main = document.importNode(page.querySelector('main'), true)
  document.querySelector('main').replaceWith(main)
  main.querySelector('[type=file]').files = chosen
  document.title = page.title
  const summary = main.querySelector('.govuk-error-summary')
  summary?.setAttribute('tabindex', '-1')
  summary?.focus()
}

function say(form, words) {
  const place = form.querySelector('[data-upload-progress]')
  if (place) place.textContent = words
}
