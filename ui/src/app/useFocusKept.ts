// What has the focus may go from the page under somebody's hands: a form that is done, a question that was answered, a button that is no
// longer offered. Then what stood around it takes the focus, or what had it before, so that the next key goes on from there.
import { useEffect } from 'react';

const takesFocus = (element: Element): element is HTMLElement => element instanceof HTMLElement && element.isConnected && element.matches('[tabindex], a[href], button:enabled, input:enabled, select:enabled, textarea:enabled');

/** An element and everything around it, from the inside out. */
function outwards(element: Element): Element[] {
  const around: Element[] = [];
  for (let at: Element | null = element; at !== null; at = at.parentElement) around.push(at);
  return around;
}

/** Whether a question stands over the page: beside the root, where such are drawn. */
const isAsked = () => [...document.body.children].some((child) => child.id !== 'root' && child.querySelector('[aria-modal="true"]') !== null);

/** For the frame and its pages; a question that is asked over them stands outside of the root. */
export function useFocusKept() {
  useEffect(() => {
    let last: Element[] = [];
    let onPage: Element[] = [];
    function note({ target }: FocusEvent) {
      if (!(target instanceof Element)) return;
      last = outwards(target);
      if (target.closest('#root') !== null) onPage = last;
    }
    function look() {
      // Behind an open question nothing takes a key, whichever way Tab goes.
      document.getElementById('root')?.toggleAttribute('inert', isAsked());
      const at = document.activeElement;
      if ((at !== null && at !== document.body) || last[0] === undefined || takesFocus(last[0])) return;
      // One that is waited for stands there and takes no key meanwhile.
      if (last[0].isConnected) return;
      [...last, ...onPage].find(takesFocus)?.focus({ preventScroll: true });
    }
    const changes = new MutationObserver(look);
    changes.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('focusin', note);
    return () => {
      changes.disconnect();
      document.removeEventListener('focusin', note);
      document.getElementById('root')?.removeAttribute('inert');
    };
  }, []);
}
