import qrcode from 'qrcode-generator';
import { useMemo } from 'react';

const QUIET = 4;

/// A text as a picture for a phone's camera.
export function QrCode({ text, label }: { text: string; label: string }) {
  const { path, size } = useMemo(() => {
    const code = qrcode(0, 'L');
    code.addData(text);
    code.make();
    const modules = code.getModuleCount();
    const squares: string[] = [];
    for (let row = 0; row < modules; row++) for (let column = 0; column < modules; column++) if (code.isDark(row, column)) squares.push(`M${column + QUIET} ${row + QUIET}h1v1h-1z`);
    return { path: squares.join(''), size: modules + 2 * QUIET };
  }, [text]);
  return <svg className="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges"><rect width={size} height={size} fill="#fff" /><path d={path} fill="#000" /></svg>;
}
