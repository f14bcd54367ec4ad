import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

interface Place {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** Says what is under the pointer, for everything on the page that has something to say (`data-tip`). */
export function Tip(): JSX.Element | null {
  const [place, setPlace] = useState<Place | undefined>(undefined);
  useEffect(() => {
    const look = (event: PointerEvent) => {
      const said =
        event.target instanceof Element ? event.target.closest('[data-tip]')?.getAttribute('data-tip') : null;
      setPlace(said === null || said === undefined ? undefined : { text: said, x: event.clientX, y: event.clientY });
    };
    const leave = () => setPlace(undefined);
    document.addEventListener('pointermove', look);
    document.addEventListener('pointerleave', leave);
    return () => {
      document.removeEventListener('pointermove', look);
      document.removeEventListener('pointerleave', leave);
    };
  }, []);
  if (place === undefined) return null;
  const isRight = place.x > window.innerWidth * 0.6;
  const isLow = place.y > window.innerHeight * 0.7;
  const style = {
    ...(isRight ? { right: `${window.innerWidth - place.x + 14}px` } : { left: `${place.x + 14}px` }),
    ...(isLow ? { bottom: `${window.innerHeight - place.y + 12}px` } : { top: `${place.y + 16}px` }),
  };
  return (
    <div class="tip" role="tooltip" style={style}>
      {place.text}
    </div>
  );
}
