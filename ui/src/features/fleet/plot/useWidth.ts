// How broad a plot may be: what is drawn in it keeps its size, whatever the window's.
import { useLayoutEffect, useRef, useState } from 'react';

const broadest = 1_100;

export function useWidth() {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(760);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = () => setWidth(Math.max(280, Math.min(element.clientWidth, broadest)));
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);
  return { ref, width };
}
