import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Pick } from './pick.tsx';

const THEMES = ['as the system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const KEPT_AS = 'halfopen colours';

/** Light or dark, whatever the system says; this browser keeps the choice, where it keeps anything. */
export function ThemePick(): JSX.Element {
  const [theme, setTheme] = useState<Theme>(keptTheme);
  useEffect(() => {
    document.documentElement.dataset.colours = theme;
  }, [theme]);
  const pick = (name: string) => {
    const picked = themeNamed(name);
    setTheme(picked);
    keep(picked);
  };
  return <Pick label="colours" value={theme} options={THEMES.map((each) => [each, each])} onPick={pick} />;
}

function themeNamed(name: string | null): Theme {
  return THEMES.find((each) => each === name) ?? 'as the system';
}

/** A page that was opened from a file may not be allowed to keep anything. */
function keptTheme(): Theme {
  try {
    return themeNamed(localStorage.getItem(KEPT_AS));
  } catch {
    return 'as the system';
  }
}

function keep(theme: Theme): void {
  try {
    localStorage.setItem(KEPT_AS, theme);
  } catch {
    // Then it holds until the page is left.
  }
}
