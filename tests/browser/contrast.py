"""axe's rule about contrast, which asks about one text of each look instead of about all of them.

To find what lies behind a text takes axe four fifths of its time, and a list of fifty rows has the
same few looks fifty times. Where a text with the same colours, size and weight, inside the same
backgrounds, has passed in this very look at the page, the next one passes, too. Whatever has not
passed is asked about as before, and so is every text that may lie on something else than what it
lies in: because it was moved, or because something that was moved and has a background is there.
"""

REMEMBER_WHAT_PASSED = """
() => {
  const OF_A_TEXT = ["color", "fontSize", "fontWeight", "textShadow", "webkitTextFillColor",
    "webkitTextStrokeWidth", "webkitTextStrokeColor", "visibility"];
  const OF_WHAT_IT_LIES_IN = ["backgroundColor", "backgroundImage", "backgroundClip", "opacity",
    "filter", "backdropFilter", "mixBlendMode", "overflow", "clipPath", "maskImage"];
  const MARGINS = ["marginTop", "marginRight", "marginBottom", "marginLeft"];
  const SIDES = ["top", "right", "bottom", "left"];
  let places, passed, moved;

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

  /* What the element and all around it look like; null where one of them is moved. */
  const placeOf = (element) => {
    if (!element) return "";
    if (places.has(element)) return places.get(element);
    const around = placeOf(element.parentElement);
    const style = getComputedStyle(element);
    const isAtItsPlace = !isMoved(element, style);
    if (!isAtItsPlace && hasBackground(style)) moved.push(element.getBoundingClientRect());
    let place = null;
    if (around !== null && isAtItsPlace) {
      place = around + OF_WHAT_IT_LIES_IN.map((name) => style[name]).join("|") + " in ";
    }
    places.set(element, place);
    return place;
  };
  const meetsWhatIsMoved = (element) => {
    const own = element.getBoundingClientRect();
    return moved.some((other) => own.left < other.right && other.left < own.right
      && own.top < other.bottom && other.top < own.bottom);
  };
  const lookOf = (element) => {
    const place = placeOf(element);
    if (place === null || meetsWhatIsMoved(element)) return null;
    const style = getComputedStyle(element);
    return OF_A_TEXT.map((name) => style[name]).join("|") + " in " + place;
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
    [places, passed, moved] = [new Map(), new Set(), []];
    for (const element of document.querySelectorAll("*")) placeOf(element);
    const results = await axe.run(asked);
    return results.violations;
  };
}
"""
