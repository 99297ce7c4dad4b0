// Reading a form once, at submit, so that no keystroke of a password is kept anywhere.

/** The text of a named field. */
export function field(form: HTMLFormElement, name: string): string {
  const element = form.elements.namedItem(name);
  return element instanceof HTMLInputElement || element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement ? element.value : '';
}

/** Empties the named fields: passwords do not stay on the page while the core works. */
export function clear(form: HTMLFormElement, ...names: string[]): void {
  for (const name of names) {
    const element = form.elements.namedItem(name);
    if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) element.value = '';
  }
}

/** Puts the caret where the mistake is. */
export function focusField(form: HTMLFormElement, name: string): void {
  const element = form.elements.namedItem(name);
  if (element instanceof HTMLElement) element.focus();
  else if (element instanceof RadioNodeList && element[0] instanceof HTMLElement) element[0].focus();
}
