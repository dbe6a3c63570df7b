// What looks.py asks of a page.
({
  headings() {
    return [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
      .filter((each) => each.checkVisibility())
      .map((each) => [Number(each.tagName[1]), each.innerText]);
  },

  /** How wide a page is, and what makes it wider than its window. */
  width() {
    const most = document.documentElement.clientWidth;
    const scrolls = (each) => each
      && (/auto|scroll|hidden/.test(getComputedStyle(each).overflowX) || scrolls(each.parentElement));
    const by = [...document.body.querySelectorAll("*")]
      .filter((each) => each.getBoundingClientRect().right > most + 1 && !scrolls(each.parentElement));
    const shown = by.slice(-5).map((each) => each.outerHTML.slice(0, 200));
    return { width: document.documentElement.scrollWidth, by: shown };
  },

  /** What moves by itself, or glides from one look to another. */
  moving() {
    return [...document.querySelectorAll("*")]
      .filter((each) => {
        const style = getComputedStyle(each);
        return style.animationName !== "none" || /[1-9]/.test(style.transitionDuration);
      })
      .map((each) => each.outerHTML.slice(0, 200));
  },

  /** How things look, and what they are called. */
  eye() {
    const parts = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "backgroundColor",
      "borderColor", "borderWidth"];
    const one = (each, pseudo) => {
      const style = getComputedStyle(each, pseudo);
      return parts.map((part) => style[part]).join();
    };
    const look = (at) => [at, ...(at.labels ?? [])]
      .flatMap((each) => [null, "::before", "::after"].map((pseudo) => one(each, pseudo)))
      .join("|");
    const words = (at) => at.getAttribute("aria-label") || at.labels?.[0]?.innerText
      || at.innerText || at.id;
    const name = (at) => `${at.tagName.toLowerCase()} ${words(at).trim().slice(0, 80)}`;
    return { look, name };
  },

  /** What looks the same with the focus and without, of all that the Tab key comes to. */
  unseenFocus() {
    const { look, name } = this.eye();
    const able = "a[href], button, input, select, textarea, summary, [tabindex='0']";
    const all = [...document.querySelectorAll(able)]
      .filter((each) => each.checkVisibility() && !each.disabled && each.type !== "hidden");
    const unseen = all.filter((each) => {
      each.blur();
      const without = look(each);
      each.focus({ preventScroll: true, focusVisible: true });
      return document.activeElement === each && look(each) === without;
    });
    document.activeElement?.blur();
    return unseen.map(name);
  },

  beginStops() {
    window.stops = { ...this.eye(), first: null, last: null, wasNowhere: false };
  },

  /** Where the focus is now, and whether the stop before looked otherwise while it was there. */
  stop() {
    const { look, name, first, last } = window.stops;
    const at = document.activeElement;
    const showed = !last || !last.at.isConnected || look(last.at) !== last.look;
    const before = last ? name(last.at) : "";
    const nowhere = !at || at === document.body;
    const round = at === first || (nowhere && window.stops.wasNowhere);
    window.stops.wasNowhere = nowhere;
    if (nowhere || round) return { name: "", before, showed, seen: true, round };
    const box = at.getBoundingClientRect();
    window.stops.first ??= at;
    window.stops.last = { at, look: look(at) };
    const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return { name: name(at), before, showed, seen, round };
  },
})
