// What a pointer could press or type into on this page, and no key has come to since the round began. In a group of which one is in the
// order of the Tab key, the arrows reach the others.
const operated = 'a[href],button,input,select,textarea,summary,[tabindex],[role=button],[role=tab],[role=slider],[role=grid]';
const within = [...document.querySelectorAll('dialog[open],[role=dialog][aria-modal=true]')].filter(shown).at(-1) ?? document;
const roving = 'tab,option,radio,menuitem,row,gridcell'.split(',');
const passed = window.vigilPassed ?? new Set();
const sameGroup = (element) => element.type === 'radio' && [...passed].some((one) => one.type === 'radio' && one.name === element.name);
return [...within.querySelectorAll(operated)]
  .filter((element) => shown(element) && !element.disabled && !passed.has(element) && !sameGroup(element))
  // A place that is only ever given the focus is no control.
  .filter((element) => element.tabIndex >= 0 || element.matches('button,input,select,textarea,a[href]'))
  .filter((element) => !roving.includes(element.getAttribute('role') ?? ''))
  .map((element) => `${element.localName} \`${nameOf(element).slice(0, 60)}\``);
