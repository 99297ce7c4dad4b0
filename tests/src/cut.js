// What of the page a person does not see whole, at the size that it has: what stands beyond the window and cannot be scrolled to, and words
// that are cut off where they stand.
const found = [];
const say = (element) => `${element.localName}${element.id === '' ? '' : `#${element.id}`} \`${squeeze(element.textContent).slice(0, 60)}\``;
const root = document.documentElement;
if (root.scrollWidth > innerWidth + 1) found.push(`the page is ${root.scrollWidth} wide in a window of ${innerWidth}`);
const scrolls = (style) => ['auto', 'scroll'].includes(style.overflowX);
const cuts = (style) => ['hidden', 'clip'].includes(style.overflowX);
const hasWords = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '');
const unseen = (element) => element.closest('.visually-hidden') !== null || [element, element.parentElement, element.parentElement?.parentElement, element.parentElement?.parentElement?.parentElement].some((one) => one && one.clientWidth <= 1 && one.clientHeight <= 1 && cuts(getComputedStyle(one)));
const range = document.createRange();
for (const element of document.body.querySelectorAll('*')) {
  if (!hasWords(element) || !shown(element) || element.closest('.visually-hidden,option,script,style')) continue;
  range.selectNodeContents(element);
  const box = range.getBoundingClientRect();
  // What is there for a screen reader alone is a point.
  if (box.width < 2 || unseen(element)) continue;
  // The first thing around the words that ends them, or lets one scroll to the rest.
  let edge = { left: 0, right: innerWidth };
  for (let around = element; around !== null; around = around.parentElement) {
    const style = getComputedStyle(around);
    if (scrolls(style) && around.scrollWidth > around.clientWidth) {
      edge = null;
      break;
    }
    if (cuts(style)) {
      const own = around.getBoundingClientRect();
      edge = { left: Math.max(edge.left, own.left), right: Math.min(edge.right, own.right) };
    }
  }
  if (edge !== null && (box.left < edge.left - 1.5 || box.right > edge.right + 1.5)) found.push(`cut off: ${say(element)} from ${Math.round(box.left)} to ${Math.round(box.right)}, seen from ${Math.round(edge.left)} to ${Math.round(edge.right)}`);
}
return found;
