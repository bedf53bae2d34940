"""Ways to use a page: with a mouse or a finger, and by keyboard alone. The steps of the main way know no difference."""

from __future__ import annotations

from datetime import datetime

from playwright.sync_api import Locator, Page

MOST_TABS = 400
#: Is the focused element marked for the eye? Hidden radio buttons and boxes show it on their label.
SHOWN = """e => {
    const marked = (node, pseudo) => { const s = getComputedStyle(node, pseudo);
        return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0; };
    const near = [e, ...(e.labels || [])];
    return near.some(node => marked(node) || marked(node, '::before'));
}"""


class Hand:
    """A mouse, or a finger where the window has touch."""

    def __init__(self, page: Page, root: str, *, finger: bool = False) -> None:
        self.page, self.root, self.finger = page, root, finger

    def open(self, path: str) -> None:
        """Go to an address of the site, as from a bookmark or a mail."""
        answer = self.page.goto(path if path.startswith("http") else self.root + path)
        assert answer is not None, path
        assert answer.status < 400, (path, answer.status, self.text()[:600])

    def press(self, target: Locator) -> None:
        """Press a button or follow a link, after opening the disclosure that it is in, and arrive where it leads."""
        ask = target.locator("xpath=ancestor::details[not(@open)][1]/summary")
        if ask.count():
            self._press(ask.first)
        with self.page.expect_navigation():
            self._press(target)

    def _press(self, target: Locator) -> None:
        if self.finger:
            target.tap()
        else:
            target.click()

    def write(self, name: str, text: str) -> None:
        """Type into the field of that name."""
        target = self._field(name)
        target.fill(text)
        if target.get_attribute("role") == "combobox":
            target.blur()  # closes the list of suggestions, as a press anywhere else does

    def when(self, name: str, moment: datetime) -> None:
        """Fill in a date and time."""
        self._field(name).fill(moment.strftime("%Y-%m-%dT%H:%M"))

    def day(self, name: str, moment: datetime) -> None:
        """Fill in a date."""
        self._field(name).fill(moment.strftime("%Y-%m-%d"))

    def select(self, name: str, value: str) -> None:
        """Choose from a list."""
        self._field(name).select_option(value)

    def tick(self, name: str, value: str | None = None) -> None:
        """Tick a box or a radio button."""
        target = self._choice(name, value)
        if not target.is_checked():
            self._press(self.page.locator(f"label[for='{target.get_attribute('id')}']"))
        assert target.is_checked(), name

    def send(self, form: str = "main form.form") -> None:
        """Send a form by its last plain button, and see that it was taken."""
        self.press(self.page.locator(f"{form} .buttons button[type=submit]:not([name])").last)

    def step(self, name: str) -> None:
        """Press the button whose form goes to this step."""
        form = self.page.locator(f"main form[action$='/{name}']").first
        reason = form.locator("textarea[name=reason]")
        assert not reason.count(), f"{name} asks for a reason"
        self.press(form.locator("button[type=submit]"))

    def add_row(self) -> None:
        """Press the button that adds a row to a list; no page is loaded."""
        self._press(self.page.locator("[data-add-row]").first)

    def follow(self, part: str) -> None:
        """Follow the first link of the main part whose address holds this part."""
        self.press(self.page.locator(f"main a[href*='{part}']").first)

    def text(self) -> str:
        """What the main part says."""
        return self.page.locator("main").inner_text()

    def _field(self, name: str) -> Locator:
        return self.page.locator(f"main [name='{name}']:not([type=hidden])").first

    def _choice(self, name: str, value: str | None) -> Locator:
        wanted = f"[value='{value}']" if value is not None else ""
        return self.page.locator(f"main input[name='{name}']{wanted}:not([type=hidden])").first


class Keyboard(Hand):
    """Tab, Enter, Space, arrows and letters; every stop on the way must show where the focus is."""

    def reach(self, target: Locator) -> None:
        """Tab to an element."""
        wanted = target.element_handle()
        for _ in range(MOST_TABS):
            if wanted.evaluate("e => e === document.activeElement"):
                assert wanted.evaluate(SHOWN), f"no visible focus: {wanted.evaluate('e => e.outerHTML')[:300]}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} on {self.page.url} cannot be reached by Tab")

    def _press(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def write(self, name: str, text: str) -> None:
        """Type over what is there; a list of suggestions is left alone."""
        target = self._field(name)
        self.reach(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        if target.get_attribute("role") == "combobox":
            self.page.keyboard.press("Escape")

    def when(self, name: str, moment: datetime) -> None:
        """Type the parts of a date and time as English (US) writes them."""
        self.reach(self._field(name))
        self.page.keyboard.type(moment.strftime("%m%d%Y"))
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(moment.strftime("%I%M%p"))

    def day(self, name: str, moment: datetime) -> None:
        """Type a date."""
        self.reach(self._field(name))
        self.page.keyboard.type(moment.strftime("%m%d%Y"))

    def select(self, name: str, value: str) -> None:
        """Walk through a list with the arrows."""
        target = self._field(name)
        self.reach(target)
        self.page.keyboard.press("Home")
        for _ in range(60):
            if target.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{name} has no {value}")

    def tick(self, name: str, value: str | None = None) -> None:
        """Space ticks a box; arrows choose among radio buttons."""
        target = self._choice(name, value)
        if target.is_checked():
            return
        if target.get_attribute("type") == "radio":
            group = self.page.locator(f"main input[name='{name}']")
            first = group.and_(self.page.locator(":checked")).or_(group).first
            chosen = self.page.locator(f"main input[name='{name}']:checked")
            self.reach(chosen if chosen.count() else first)
            if not target.is_checked():
                self.page.keyboard.press("Space")
            for _ in range(group.count() + 1):
                if target.is_checked():
                    break
                self.page.keyboard.press("ArrowDown")
        else:
            self.reach(target)
            self.page.keyboard.press("Space")
        assert target.is_checked(), (name, value)
