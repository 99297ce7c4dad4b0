// What stands at a value: its own symbol and colour per line, so that neither is needed alone (NHS CUI GTAB-002, 006).
export type PlotColours = {
  text: string;
  quiet: string;
  grid: string;
  surface: string;
  band: string;
  danger: string;
  lines: string[];
};

/** The theme's colours as they are now: a canvas does not follow style sheets. */
export function plotColours(element: Element): PlotColours {
  const style = getComputedStyle(element);
  const of = (name: string) => style.getPropertyValue(name).trim() || 'gray';
  return {
    text: of('--text'),
    quiet: of('--text-quiet'),
    grid: of('--border'),
    surface: of('--surface'),
    band: of('--band'),
    danger: of('--danger'),
    lines: [of('--accent'), of('--attention')],
  };
}

export type PlotSymbol = 'circle' | 'down' | 'up';

/** One line: circles. Two linked ones: the upper points down to its value, the lower up (GTAB-039 to 043). */
export function symbolOf(line: number, lines: number): PlotSymbol {
  if (lines < 2) return 'circle';
  return line === 0 ? 'down' : 'up';
}

/** `size` is in canvas pixels; the tip of a triangle is at the value. */
export function drawSymbol(canvas: CanvasRenderingContext2D, symbol: PlotSymbol, x: number, y: number, size: number): void {
  canvas.beginPath();
  if (symbol === 'circle') {
    canvas.arc(x, y, size, 0, Math.PI * 2);
  } else {
    const up = symbol === 'down' ? -1 : 1;
    canvas.moveTo(x, y);
    canvas.lineTo(x - size * 1.2, y + up * size * 1.9);
    canvas.lineTo(x + size * 1.2, y + up * size * 1.9);
    canvas.closePath();
  }
  canvas.fill();
  canvas.stroke();
}
