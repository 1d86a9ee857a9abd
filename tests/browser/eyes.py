"""What is wrong with a page for eyes, hands and screen readers: at four widths, in light, dark and forced colours, and
on paper."""

from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from accounts.models import User
from joins.codes import in_threes
from joins.models import JoinCode, JoinURL

# For each width the colour schemes, and whether axe tries all its rules there or only those about colours: the others
# depend on no scheme.
SIGHTS = {360: {"light": True, "dark": False}, 1280: {"dark": True, "light": False}}
NARROWEST = 320  # px: nobody may have to scroll sideways
TABLET = 768  # px: the narrowest screen that isn't laid out as a phone's
WIDTHS = (1280, TABLET, NARROWEST)
PHONE = 360  # px: nor on a phone whose owner doubles the size of letters (WCAG 1.4.4)
COLOURS_ONLY = {"runOnly": ["color-contrast", "link-in-text-block"]}
# Without "preload": it fetches the style sheets again for a rule that axe leaves off, and waits for sound and film.
AXE = """options => axe.run(document, {resultTypes: ["violations"], preload: false, ...options}).then(found =>
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
  const drawnAnew = ":is([hx-trigger*=every], [hx-trigger*=counts-changed], #board)"
  for (const target of document.querySelectorAll(`${drawnAnew} :is(a, button, summary, input:not([type=hidden]))`))
    if (!target.id && !target.closest("[hx-preserve]")) faults.push(`no id to give the focus back to: ${name(target)}`)
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
    if (!field.labels?.length) faults.push(`no label: ${name(field)}`)
  const wide = document.documentElement.scrollWidth
  if (wide > narrowest) faults.push(`${wide} px wide on ${narrowest}`)
  if (document.querySelectorAll("h1").length !== 1) faults.push("not one h1")
  if (document.querySelector(".band__nav:not(:has([aria-current]))")) faults.push("no current tab")
  const headings = [...document.querySelectorAll("h1, h2, h3")].filter(isShown)
  const ofThePage = headings.filter(heading => !heading.closest("dialog"))
  if (ofThePage[0]?.tagName !== "H1") faults.push(`the first heading is ${name(ofThePage[0])}`)
  return faults
}"""
# In colours that the person chooses, no ground is drawn: a button is seen by its line.
FORCED = """width => {
  const wide = document.documentElement.scrollWidth
  const lined = ".button:not(.button--quiet), .chip, input:not([type=hidden]), select, textarea"
  const bare = [...document.querySelectorAll(lined)].filter(button =>
    button.checkVisibility({visibilityProperty: true}) && !["checkbox", "radio"].includes(button.type) &&
    parseFloat(getComputedStyle(button).borderTopWidth) === 0)
  return [...bare.map(button => `no line around ${button.outerHTML.slice(0, 100)}`),
    ...(wide > width ? [`${wide} px wide on ${width}`] : [])]
}"""
# On paper nothing stays in sight by lying over something else, and nothing can be pressed.
PRINTED = """width => {
  const wide = document.documentElement.scrollWidth
  const all = [...document.querySelectorAll("body *")]
  const shown = all.filter(each => each.innerText?.trim() && each.checkVisibility())
  const over = shown.filter(each => ["sticky", "fixed"].includes(getComputedStyle(each).position))
  const buttons = shown.filter(each => each.matches(".button, .site, .site-foot"))
  return [...over.map(each => `lies over others: ${each.outerHTML.slice(0, 100)}`),
    ...buttons.map(each => `is printed: ${each.outerHTML.slice(0, 100)}`),
    ...(wide > width ? [`${wide} px wide on ${width}`] : [])]
}"""
# With letters twice as large, a word may break only if it is large already, or a name or an address.
TWICE_AS_LARGE = """width => {
  const mayBreak = "h1, h2, h3, bdi, .url, .mono, .board__address, [rel~=nofollow]"
  document.documentElement.style.fontSize = "200%"
  const wide = document.documentElement.scrollWidth
  const isBroken = text => [...text.data.matchAll(/[^\\s-]+/g)].some(({0: word, index}) => {
    const range = new Range()
    range.setStart(text, index)
    range.setEnd(text, index + word.length)
    return new Set([...range.getClientRects()].map(({top}) => Math.round(top))).size > 1
  })
  const texts = element => [...element.childNodes].filter(node => node.nodeType === Node.TEXT_NODE)
  const isSeen = element => element.checkVisibility() && getComputedStyle(element).clipPath === "none"
  const broken = [...document.querySelectorAll("body *")].filter(
    element => isSeen(element) && !element.closest(mayBreak) && texts(element).some(isBroken))
  document.documentElement.style.fontSize = ""
  return [...broken.map(element => `a word is broken: ${element.outerHTML.slice(0, 100)}`),
    ...(wide > width ? [`${wide} px wide on ${width}`] : [])]
}"""
# On a page that is read from right to left, each letter of these words must still stand to the right of the one before
# it, or on the next line, and no translator of pages may change them (I2).
NOT_LEFT_TO_RIGHT = """words => {
  const isSeen = element => element.checkVisibility({visibilityProperty: true}) && !element.closest("select, noscript")
  const isWhole = (text, at, word) =>
    (word[0] === "/" || !/[\\w@.-]/.test(text[at - 1] ?? " ")) && !/[\\w@-]/.test(text[at + word.length] ?? " ")
  const places = (element, word) => {
    const all = [], nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    while (nodes.nextNode()) for (let at = 0; at < nodes.currentNode.length; at++) all.push([nodes.currentNode, at])
    const text = element.textContent, found = []
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
      if (isWhole(text, at, word)) found.push(all.slice(at, at + word.length))
    return found
  }
  const isInLine = (box, before) => box.top < before.top + before.height / 2
  document.documentElement.dir = "rtl"
  const faults = [], passwords = [...document.querySelectorAll("[data-one-time]")].map(each => each.textContent.trim())
  for (const word of [...words, ...passwords]) {
    const all = [...document.body.querySelectorAll("*")]
    const around = all.filter(each => each.textContent.includes(word) && isSeen(each))
    const innermost = around.filter(each => ![...each.children].some(child => child.textContent.includes(word)))
    for (const element of innermost) for (const letters of places(element, word)) {
      const boxes = letters.filter(([node, at]) => /\\w/.test(node.data[at])).map(([node, at]) => {
        const range = new Range()
        range.setStart(node, at)
        range.setEnd(node, at + 1)
        return range.getBoundingClientRect()
      })
      const back = boxes.some((box, at) => at && box.left < boxes[at - 1].left && isInLine(box, boxes[at - 1]))
      const name = `${word}: ${element.outerHTML.slice(0, 120)}`
      if (back) faults.push(`from right to left: ${name}`)
      if (!element.closest("[translate=no]")) faults.push(`may be translated: ${name}`)
    }
    for (const field of document.querySelectorAll("input:not([type=hidden])"))
      if (field.value === word && isSeen(field) && getComputedStyle(field).direction !== "ltr")
        faults.push(`from right to left: ${field.outerHTML.slice(0, 120)}`)
  }
  document.documentElement.removeAttribute("dir")
  return faults
}"""
ROOT_TWICE_AS_LARGE = "document.documentElement.style.fontSize = '200%'"
WIDE = """width => document.documentElement.scrollWidth > width ?
  [`${document.documentElement.scrollWidth} px wide on ${width}`] : []"""
HISTORY = """() => document.body.getAttribute("hx-history") === "false" &&
  (!window.htmx || htmx.config.historyCacheSize === 0) && sessionStorage.getItem("htmx-history-cache") === null"""


def faults_of(page):
    """A sentence for each fault of the open page."""
    page.wait_for_load_state()  # after a press, the new page may not have a body yet
    # announce_messages.js moves the messages that come with the page.
    expect(page.locator("[data-flash] > *")).to_have_count(0)
    page.evaluate(Axe().axe_script)
    faults = [] if page.evaluate(HISTORY) else ["htmx keeps a copy of the page (T62)"]
    for width, schemes in SIGHTS.items():
        page.set_viewport_size({"width": width, "height": 900})
        for scheme, has_all_rules in schemes.items():
            page.emulate_media(color_scheme=scheme)
            found = page.evaluate(AXE, {} if has_all_rules else COLOURS_ONLY)
            faults += [f"{fault} ({width} px, {scheme})" for fault in found]
    page.emulate_media(forced_colors="active")
    faults += at_each_width(page, FORCED, "forced colours")
    page.emulate_media(forced_colors="none", media="print")
    faults += at_each_width(page, PRINTED, "printed")
    page.emulate_media(media="screen")
    # Letters can be twice as large in two ways: by the browser's setting, which makes the rem of media queries larger
    # too, or by the page's root.
    with larger_letters(page):
        faults += at_each_width(page, WIDE, "browser's letters twice as large")
    page.set_viewport_size({"width": NARROWEST, "height": 900})
    faults += page.evaluate(NOT_LEFT_TO_RIGHT, _left_to_right())
    faults += page.evaluate(HANDS, NARROWEST)
    page.evaluate(ROOT_TWICE_AS_LARGE)
    faults += at_each_width(page, WIDE, "root's letters twice as large")
    page.set_viewport_size({"width": PHONE, "height": 900})
    return faults + [f"{fault} (letters twice as large)" for fault in page.evaluate(TWICE_AS_LARGE, PHONE)]


def _left_to_right():
    """Return every Code, Join URL and username that there is (I2)."""
    codes = JoinCode.objects.values_list("code", flat=True)
    keys = JoinURL.objects.values_list("key", flat=True)
    usernames = User.objects.values_list("username", flat=True)
    return [*map(in_threes, codes), *codes, *(f"/j/{key}/" for key in keys), *usernames]


def at_each_width(page, check, how):
    """What this check finds. It begins at the width nearest to the present one, because each change of width costs as
    much as an answer of the site."""
    faults = []
    for width in sorted(WIDTHS, key=lambda width: abs(width - page.viewport_size["width"])):
        page.set_viewport_size({"width": width, "height": 900})
        faults += [f"{fault} ({width} px, {how})" for fault in page.evaluate(check, width)]
    return faults


@contextmanager
def larger_letters(page):
    """Meanwhile the browser's setting for the size of letters is twice the usual one."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    yield
    devtools.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    devtools.detach()


def is_faultless(page):
    __tracebackhide__ = True
    if found := faults_of(page):
        pytest.fail("\n".join([page.url, *found]), pytrace=False)
