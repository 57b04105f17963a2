"""axe's rule about contrast, which asks about one text of each look instead of about all of them.

To find what lies behind a text takes axe four fifths of its time, and a list of fifty rows has the
same few looks fifty times. Where a text with the same colours, size and weight, inside the same
backgrounds, has passed before in this tab, the next one passes, too. Whatever has not passed is
asked about as before, and so is every text that may lie on something else than what it lies in:
because something that was moved and has a background is there, or, inside of something that was
moved itself (the back office floats as a whole), because anything else with a background is there
or because it reaches out of a background that it lies in.
"""

REMEMBER_WHAT_PASSED = """
() => {
  const OF_A_TEXT = ["color", "fontSize", "fontWeight", "textShadow", "webkitTextFillColor",
    "webkitTextStrokeWidth", "webkitTextStrokeColor", "visibility"];
  const OF_WHAT_IT_LIES_IN = ["backgroundColor", "backgroundImage", "backgroundClip", "opacity",
    "filter", "backdropFilter", "mixBlendMode", "overflow", "clipPath", "maskImage"];
  const NOTHING_OF_ITS_OWN =
    "rgba(0, 0, 0, 0)|none|border-box|1|none|none|normal|visible|none|none";
  /* Which of two backgrounds lies above the other, once one of them was moved. */
  const OF_WHAT_WAS_MOVED = ["position", "zIndex", "float", "transform", "translate"];
  const PASSED = "looks that have passed";
  const MARGINS = ["marginTop", "marginRight", "marginBottom", "marginLeft"];
  const SIDES = ["top", "right", "bottom", "left"];
  const EVERYWHERE = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
  let places, passed, moved, backed;

  /* A cell of a grid is shared only by what names both its row and its column. */
  const isNamed = (line) => line !== "auto" && !line.startsWith("span");
  /* Whether the element may lie over, or below, what it does not lie in. */
  const isMoved = (element, style) => {
    if (!(element instanceof HTMLElement)) return true;
    if (!["static", "relative"].includes(style.position)) return true;
    const isShifted = SIDES.some((side) => !["auto", "0px"].includes(style[side]));
    if (style.position === "relative" && isShifted) return true;
    if ([style.transform, style.translate, style.float].some((value) => value !== "none")) return true;
    if (MARGINS.some((margin) => style[margin].startsWith("-"))) return true;
    return isNamed(style.gridRowStart) && isNamed(style.gridColumnStart);
  };
  const hasBackground = (style) =>
    style.backgroundImage !== "none" || style.backgroundColor !== "rgba(0, 0, 0, 0)";

  /* Of what is behind the whole page, and of what is not: that of <body> where <html> has none. */
  const areaOf = (element) => {
    const root = document.documentElement;
    const page = hasBackground(getComputedStyle(root)) ? root : document.body;
    return element === page ? EVERYWHERE : element.getBoundingClientRect();
  };
  /* Where the words are; what is typed into a field is nothing that a range could hold. */
  const wordsOf = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const words = range.getBoundingClientRect();
    return words.width > 0 ? words : element.getBoundingClientRect();
  };
  /* What the element and all around it look like, and whether one of them is moved. */
  const placeOf = (element) => {
    if (!element) return { look: "", isMoved: false, backed: [] };
    if (places.has(element)) return places.get(element);
    const around = placeOf(element.parentElement);
    const style = getComputedStyle(element);
    const place = {
      look: around.look,
      isMoved: around.isMoved || isMoved(element, style),
      backed: around.backed,
    };
    const own = OF_WHAT_IT_LIES_IN.map((name) => style[name]).join("|");
    if (own !== NOTHING_OF_ITS_OWN) place.look += own + " in ";
    if (place.isMoved) {
      place.look += OF_WHAT_WAS_MOVED.map((name) => style[name]).join("|") + " in ";
    }
    if (hasBackground(style)) {
      const rectangle = areaOf(element);
      backed.push(rectangle);
      place.backed = [...around.backed, rectangle];
      if (place.isMoved) moved.push(rectangle);
    }
    places.set(element, place);
    return place;
  };
  const meet = (one, other) => one.left < other.right && other.left < one.right
    && one.top < other.bottom && other.top < one.bottom;
  const holds = (outer, inner) => outer.left <= inner.left && inner.right <= outer.right
    && outer.top <= inner.top && inner.bottom <= outer.bottom;
  const liesOnlyOnWhatItLiesIn = (element, place) => {
    const words = wordsOf(element);
    if (!place.backed.every((rectangle) => holds(rectangle, words))) return false;
    const around = new Set(place.backed);
    const others = place.isMoved ? backed : moved;
    return others.every((rectangle) => around.has(rectangle) || !meet(words, rectangle));
  };
  const lookOf = (element) => {
    const place = placeOf(element);
    /* Letters of a drawing may lie on any of its shapes, and these have no backgrounds. */
    if (!(element instanceof HTMLElement)) return null;
    if (!liesOnlyOnWhatItLiesIn(element, place)) return null;
    const style = getComputedStyle(element);
    return OF_A_TEXT.map((name) => style[name]).join("|") + " in " + place.look;
  };

  const check = axe._audit.checks["color-contrast"];
  const ask = check.evaluate;
  check.evaluate = function (element, ...more) {
    const look = lookOf(element);
    if (passed.has(look)) {
      this.data({});
      return true;
    }
    const answer = ask.call(this, element, ...more);
    if (answer === true && look !== null) passed.add(look);
    return answer;
  };

  window.askAxe = async (asked) => {
    /* The page may look otherwise than at the last time. */
    [places, moved, backed] = [new Map(), [], []];
    const isKept = origin !== "null";
    passed = new Set(isKept ? JSON.parse(sessionStorage.getItem(PASSED)) : []);
    for (const element of document.querySelectorAll("*")) placeOf(element);
    const results = await axe.run(asked);
    if (isKept) sessionStorage.setItem(PASSED, JSON.stringify([...passed]));
    return results.violations;
  };
}
"""
