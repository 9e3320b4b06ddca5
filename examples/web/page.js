// Whatever a model writes is put into the page as text, never as HTML.
const element = id => document.getElementById(id)
const post = (path, body) => fetch(path, { method: "POST", headers: { "X-Talk": sessionStorage.talk }, body })

function add({ who, text, mark, usage }) {
  const p = document.createElement("p")
  p.className = who
  p.append(text ?? "")
  const notes = [mark, usage && `${usage.prompt_tokens} + ${usage.completion_tokens} tokens`].filter(Boolean)
  if (notes.length) p.appendChild(document.createElement("small")).append(notes.join(", "))
  element("messages").append(p)
  p.scrollIntoView({ block: "end" })
  return p
}

function show({ messages, tokens }) {
  element("messages").replaceChildren()
  messages.forEach(add)
  element("tokens").value = `${tokens.next ?? "?"} tokens in mind, ${tokens.spent} spent`
}

const tell = error => add({ who: "note", text: error.message })

function busy(yes, answering = yes) {
  element("stop").disabled = !answering
  element("send").disabled = element("anew").disabled = yes
  element("retry").disabled = yes || !element("messages").firstChild
}

async function* events(reader, rest = "") {
  for (;;) {
    const { value, done } = await reader.read()
    if (done) throw new Error("the answer was cut off")
    const whole = (rest + value).split("\n\n")
    rest = whole.pop()
    for (const event of whole) yield event.match(/^event: (.*)\ndata: (.*)$/).slice(1)
  }
}

// An answer as it comes. The last event shows the talk as the server has it.
async function ask(question) {
  busy(true)
  try {
    const response = await post("/ask", question)
    if (!response.ok) throw new Error(await response.text())
    if (question) element("text").value = ""
    else element("messages").querySelector(".assistant:last-child")?.remove()
    if (question) add({ who: "user", text: question })
    const p = add({ who: "assistant coming" })
    for await (const [name, data] of events(response.body.pipeThrough(new TextDecoderStream()).getReader())) {
      if (name !== "text") return show(JSON.parse(data))
      p.append(JSON.parse(data).text)
      p.scrollIntoView({ block: "end" })
    }
  } catch (error) {
    element("messages").querySelector(".coming")?.classList.remove("coming")
    tell(error)
  } finally {
    busy(false)
  }
}

async function enter(talk) {
  busy(true, false)
  sessionStorage.talk = talk // of this tab; it outlives a reload
  await post("/open").then(response => response.json()).then(show, tell)
  busy(false)
}

element("form").onsubmit = event => {
  event.preventDefault()
  const question = element("text").value.trim()
  if (question && !element("send").disabled) ask(question)
}
element("text").onkeydown = event => { // Enter sends, with Shift it is a new line
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
  event.preventDefault()
  element("form").requestSubmit()
}
element("stop").onclick = () => post("/stop").catch(tell) // the answer's stream tells what came of it
element("retry").onclick = () => ask("")
element("anew").onclick = () => enter(crypto.randomUUID())
enter(sessionStorage.talk ?? crypto.randomUUID())
