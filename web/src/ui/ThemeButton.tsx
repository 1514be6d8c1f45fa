import { useEffect, useState } from 'react';

const NAME = 'theme';
const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = typeof THEMES[number];
const SIGNS: Record<Theme, string> = { auto: '◐', light: '☀', dark: '☾' };

/// Auto, light, dark: kept in this browser.
export function ThemeButton() {
  const [theme, setTheme] = useState<Theme>(() => THEMES.find(each => each === localStorage.getItem(NAME)) ?? 'auto');
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem(NAME, theme);
  }, [theme]);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]!;
  return <button type="button" className="quiet" onClick={() => setTheme(next)} aria-label={`Colours: ${theme}. Change to ${next}.`} title={`Colours: ${theme}`}>{SIGNS[theme]}</button>;
}
