import { chooseTheme, THEMES, useChosenTheme, type Theme } from './useTheme';

const SIGNS: Record<Theme, string> = { auto: '◐', light: '☀', dark: '☾' };

/// Auto, light, dark: kept in this browser.
export function ThemeButton() {
  const theme = useChosenTheme();
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]!;
  return <button type="button" className="quiet" onClick={() => chooseTheme(next)} aria-label={`Colours: ${theme}. Change to ${next}.`} title={`Colours: ${theme}`}>{SIGNS[theme]}</button>;
}
