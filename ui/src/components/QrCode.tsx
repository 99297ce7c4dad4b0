// A QR code from rows of 0 and 1, dark on white in both colour schemes, with the quiet zone that scanners need.
import classes from './QrCode.module.css';

const quiet = 4;

export function QrCode({ rows, label }: { rows: string[]; label: string }) {
  const side = rows.length + 2 * quiet;
  const path = rows
    .flatMap((row, y) => [...row].map((module, x) => (module === '1' ? `M${x + quiet} ${y + quiet}h1v1h-1z` : '')))
    .join('');
  return (
    <svg className={classes.qr} viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path d={path} fill="#000000" />
    </svg>
  );
}
