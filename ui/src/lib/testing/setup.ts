// The browser features that jsdom lacks, for component tests.
import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';
import { forgetChoices, speak } from '@/lib/language/language';

afterEach(async () => {
  cleanup();
  forgetChoices();
  await speak('en');
});
// A loaded machine draws slowly; a test that waits for nothing still ends at once.
configure({ asyncUtilTimeout: 10_000 });

// What is drawn on a canvas is judged in the real window; here is none.
vi.mock('uplot', () => ({
  default: class {
    destroy() {}
    redraw() {}
    setSize() {}
  },
}));

// What is read from files has no window.
if (typeof window !== 'undefined') {
  window.matchMedia = (query: string) => ({
    matches: false,
    media: query,
    onchange: null,
    addListener: () => undefined,
    removeListener: () => undefined,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    dispatchEvent: () => false,
  });

  class Observer {
    observe() {}
    unobserve() {}
    disconnect() {}
  }
  window.ResizeObserver = Observer;

  // Lists draw only the rows in view; without a layout every element claims one size.
  Object.defineProperties(HTMLElement.prototype, {
    offsetHeight: { configurable: true, get: () => 600 },
    offsetWidth: { configurable: true, get: () => 1000 },
    clientHeight: { configurable: true, get: () => 600 },
    clientWidth: { configurable: true, get: () => 1000 },
  });
  Element.prototype.scrollIntoView = () => undefined;
  HTMLElement.prototype.scrollTo = () => undefined;
  // There is no canvas here; what is drawn on one is judged in the real window.
  HTMLCanvasElement.prototype.getContext = () => null;
}
