// Roles and accessible names: a small part of the ARIA naming rules, enough for our own pages. The scripts that look at a page begin with it.
const tags = {
  article: 'article',
  alert: '',
  banner: 'header',
  button: 'button,summary,input[type=submit],input[type=button]',
  checkbox: 'input[type=checkbox]',
  cell: 'td',
  columnheader: 'th',
  dialog: 'dialog',
  field: 'input,textarea,select,[role=combobox],[role=textbox],[role=searchbox]',
  heading: 'h1,h2,h3,h4,h5,h6',
  form: 'form',
  img: 'img,svg[aria-label]',
  link: 'a[href]',
  list: 'ul,ol',
  main: 'main',
  navigation: 'nav',
  radio: 'input[type=radio]',
  region: 'section[aria-label],section[aria-labelledby]',
  row: 'tr',
  status: 'output',
  table: 'table',
};
const squeeze = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
const nameOf = (element) => {
  const by = element.getAttribute('aria-labelledby');
  if (by) return squeeze(by.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? '').join(' '));
  const own = element.getAttribute('aria-label') ?? element.getAttribute('alt');
  if (own) return squeeze(own);
  const labels = element.labels ? [...element.labels].map((label) => label.textContent).join(' ') : '';
  if (squeeze(labels)) return squeeze(labels);
  if (element.matches('input,textarea,select')) return squeeze(element.getAttribute('title') ?? element.placeholder ?? element.value);
  return squeeze(element.textContent) || squeeze(element.getAttribute('title'));
};
const shown = (element) => {
  if (element.closest('[aria-hidden=true],[inert],[hidden]')) return false;
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== 'hidden';
};
const selectorOf = (role) => [`[role~="${role}"]`, tags[role]].filter(Boolean).join(',');
const hasRole = (element, role) =>
  element.matches(selectorOf(role)) && (role === 'field' || !element.hasAttribute('role') || element.getAttribute('role').split(/\s+/).includes(role));
