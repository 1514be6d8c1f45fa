import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { queryClient } from './api/queries';
import { signIn } from './api/session';
import { rememberTheme } from './ui/useTheme';
import './ui/style.css';

rememberTheme();
window.addEventListener('hashchange', async () => {        // a link was opened in a tab that shows the page already
  if (await signIn()) location.reload();
});
void signIn().then(() => createRoot(document.getElementById('page')!).render(
  <CSPProvider disableStyleElements>
    <QueryClientProvider client={queryClient}>
      <App />
    </QueryClientProvider>
  </CSPProvider>,
));
