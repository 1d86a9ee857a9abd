"""What is wrong with a page for eyes, hands and screen readers: at four widths, in light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

SIGHTS = [(360, "light"), (1280, "dark"), (360, "dark"), (1280, "light")]
NARROWEST = 320  # px: nobody may have to scroll sideways
PHONE = 360  # px: nor on a phone whose owner doubles the size of letters (WCAG 1.4.4)
COLOURS_ONLY = {"runOnly": ["color-contrast", "link-in-text-block"]}
AXE = """options => axe.run(document, {resultTypes: ["violations"], ...options}).then(found =>
  found.violations.flatMap(broken => broken.nodes.map(
    node => `${broken.id}: ${node.html.slice(0, 100)} ${node.failureSummary.split("\\n")[1]}`)))"""

# Targets must be at least 44 px. A checkbox counts with its label, and a link in a sentence may be as high as the
# line.
HANDS = """narrowest => {
  const isShown = element => element.checkVisibility({visibilityProperty: true}) && !element.closest(".skip")
  const name = element => `${element.outerHTML.slice(0, 100)}`
  const inSentence = link => {
    const around = link.closest("p, li, dd, label, .field__help")
    return link.tagName === "A" && /^inline(-block)?$/.test(getComputedStyle(link).display) && around &&
      around.innerText.trim().length > link.innerText.trim().length + 3
  }
  const box = element => {
    const own = element.getBoundingClientRect()
    const label = ["checkbox", "radio"].includes(element.type) && element.labels[0]
    return label ? label.getBoundingClientRect() : own
  }
  const faults = []
  const targets = document.querySelectorAll("a, button, summary, select, textarea, input:not([type=hidden])")
  for (const target of [...targets].filter(isShown)) {
    const {width, height} = box(target)
    if (!inSentence(target) && Math.min(width, height) < 43.5)
      faults.push(`${Math.round(width)} x ${Math.round(height)} px: ${name(target)}`)
  }
  const ids = [...document.querySelectorAll("[id]")].map(element => element.id)
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) faults.push(`twice the id ${id}`)
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
    if (!field.labels?.length) faults.push(`no label: ${name(field)}`)
  const wide = document.documentElement.scrollWidth
  if (wide > narrowest) faults.push(`${wide} px wide on ${narrowest}`)
  if (document.querySelectorAll("h1").length !== 1) faults.push("not one h1")
  const headings = [...document.querySelectorAll("h1, h2, h3")].filter(isShown)
  const ofThePage = headings.filter(heading => !heading.closest("dialog"))
  if (ofThePage[0]?.tagName !== "H1") faults.push(`the first heading is ${name(ofThePage[0])}`)
  return faults
}"""
TWICE_AS_LARGE = """() => {
  document.documentElement.style.fontSize = "200%"
  const wide = document.documentElement.scrollWidth
  document.documentElement.style.fontSize = ""
  return wide
}"""
HISTORY = """() => document.body.getAttribute("hx-history") === "false" && htmx.config.historyCacheSize === 0 &&
  sessionStorage.getItem("htmx-history-cache") === null"""


def faults_of(page):
    """A sentence for each fault of the open page."""
    page.wait_for_load_state()  # after a press, the new page may not have a body yet
    # announce_messages.js moves the messages that come with the page.
    expect(page.locator("[data-flash] > *")).to_have_count(0)
    page.evaluate(Axe().axe_script)
    faults = [] if page.evaluate(HISTORY) else ["htmx keeps a copy of the page (T62)"]
    for at, (width, scheme) in enumerate(SIGHTS):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate(AXE, {} if at < 2 else COLOURS_ONLY)
        faults += [f"{fault} ({width} px, {scheme})" for fault in found]
    page.set_viewport_size({"width": PHONE, "height": 900})
    wide = page.evaluate(TWICE_AS_LARGE)
    if wide > PHONE:
        faults.append(f"{wide} px wide on {PHONE} with letters twice as large")
    page.set_viewport_size({"width": NARROWEST, "height": 900})
    return faults + page.evaluate(HANDS, NARROWEST)


def is_faultless(page):
    __tracebackhide__ = True
    if found := faults_of(page):
        pytest.fail("\n".join([page.url, *found]), pytrace=False)
