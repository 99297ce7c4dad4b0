// uPlot asks Intl for the browser's language while it loads. Where the system's locale is C, WebKitGTK says "C", which Intl refuses.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
}

export {};
