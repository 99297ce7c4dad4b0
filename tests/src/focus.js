// What has the focus, whether it is what was looked for, and whether a person can see that it has it.
const [role, name] = arguments;
const wanted = squeeze(name).toLowerCase();
const roleOf = (element) =>
  element.getAttribute('role') ?? (element.matches(tags.field) ? 'field' : Object.keys(tags).find((one) => tags[one] !== '' && element.matches(tags[one]))) ?? element.localName;
const say = (element) => `${roleOf(element)} \`${nameOf(element).slice(0, 60)}\``;
const is = (element) => element !== null && hasRole(element, role) && nameOf(element).toLowerCase().includes(wanted);

/** Everything about an element's looks that can tell that it has the focus, on itself and on what is drawn around it. */
const looks = (element) => {
  // What turns without an end, such as the sign of waiting, tells nothing of the focus.
  for (const moving of document.getAnimations()) if (Number.isFinite(moving.effect?.getComputedTiming().endTime) && moving.playState !== 'idle') moving.finish();
  return [element, element.parentElement, element.parentElement?.parentElement]
    .filter(Boolean)
    .map((one) => getComputedStyle(one))
    .map((style) => [style.outlineStyle === 'none' ? '' : `${style.outlineWidth} ${style.outlineColor}`, style.boxShadow, style.borderColor, style.backgroundColor, style.top])
    .join(';');
};

/** Whether some of it lies in the window with nothing before it (WCAG 2.2, 2.4.11). */
const inSight = (element) => {
  const box = element.getBoundingClientRect();
  const left = Math.max(box.left, 0);
  const top = Math.max(box.top, 0);
  const right = Math.min(box.right, innerWidth);
  const bottom = Math.min(box.bottom, innerHeight);
  if (right - left < 1 || bottom - top < 1) return false;
  return [0.1, 0.5, 0.9].some((down) =>
    [0.1, 0.5, 0.9].some((along) => {
      const hit = document.elementFromPoint(left + (right - left) * along, top + (bottom - top) * down);
      return hit !== null && (element.contains(hit) || [...(element.labels ?? [])].some((label) => label.contains(hit)));
    }),
  );
};

const at = document.activeElement ?? document.body;
const lost = at === document.body || at === document.documentElement;
const before = window.vigilFocused ?? null;
const flaws = [];
// The one before has lost the focus: it has to look otherwise now.
if (before !== null && before.element !== at && before.element.isConnected && before.judged && looks(before.element) === before.looks)
  flaws.push(`nothing shows that the focus is on ${say(before.element)}`);
// A place that the program gives the focus to, and that holds no control itself, may be marked by what is in it.
const judged = !lost && at.tabIndex >= 0;
window.vigilFocused = lost ? null : { element: at, looks: looks(at), judged };
if (judged && !inSight(at)) flaws.push(`${say(at)} has the focus out of sight`);
window.vigilPassed ??= new Set();
// A field of several parts, such as a date, keeps the focus while Tab goes over them.
const stays = before?.element === at;
const again = !stays && window.vigilPassed.has(at);
if (!lost) window.vigilPassed.add(at);
const pointed = document.getElementById(at.getAttribute('aria-activedescendant') ?? '');
return {
  found: !lost && (is(at) || (pointed !== null && is(pointed))),
  says: lost ? 'nothing' : pointed === null ? say(at) : `${say(at)} at ${say(pointed)}`,
  lost,
  stays,
  again,
  flaws,
};
