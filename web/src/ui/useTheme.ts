import { useSyncExternalStore } from 'react';

const NAME = 'theme';
export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = typeof THEMES[number];

const dark = window.matchMedia('(prefers-color-scheme: dark)');

function listen(changed: () => void): () => void {
  const watch = new MutationObserver(changed);
  watch.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  dark.addEventListener('change', changed);
  return () => {
    watch.disconnect();
    dark.removeEventListener('change', changed);
  };
}

/// Which colours are shown now.
export function useTheme(): 'light' | 'dark' {
  return useSyncExternalStore(listen, () => {
    const theme = document.documentElement.dataset.theme;
    return theme === 'light' || theme === 'dark' ? theme : dark.matches ? 'dark' : 'light';
  });
}

/// What was chosen in this browser.
export function useChosenTheme(): Theme {
  return useSyncExternalStore(listen, () => THEMES.find(each => each === document.documentElement.dataset.theme) ?? 'auto');
}

export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem(NAME, theme);
}

/// As it was chosen the last time, before anything is shown.
export function rememberTheme(): void {
  document.documentElement.dataset.theme = THEMES.find(each => each === localStorage.getItem(NAME)) ?? 'auto';
}
