import { Card } from '../../ui/Card';
import { chooseTheme, THEMES, useChosenTheme } from '../../ui/useTheme';

const NAMES = { auto: 'as this computer is set', light: 'light', dark: 'dark' };

/// The colours of the page, in this browser.
export function ThemeCard() {
  const theme = useChosenTheme();
  return (
    <Card title="Colours">
      <fieldset className="choice">
        <legend>Kept in this browser</legend>
        {THEMES.map(each => <label key={each} className="check"><input type="radio" name="theme" checked={theme === each} onChange={() => chooseTheme(each)} /> {NAMES[each]}</label>)}
      </fieldset>
    </Card>
  );
}
