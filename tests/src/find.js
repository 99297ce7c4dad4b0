// Finds the visible element with a role and an accessible name.
const [role, name] = arguments;
const wanted = squeeze(name).toLowerCase();
const named = [...document.querySelectorAll(selectorOf(role))]
  .filter((element) => hasRole(element, role))
  .filter(shown)
  .map((element) => [element, nameOf(element).toLowerCase()]);
const equal = named.find(([, text]) => text === wanted);
const holding = named.find(([, text]) => text.includes(wanted));
return (equal ?? holding)?.[0] ?? null;
