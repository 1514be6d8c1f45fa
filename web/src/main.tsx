import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { queryClient } from './api/queries';
import { takeToken } from './api/token';
import { rememberTheme } from './ui/useTheme';
import './ui/style.css';

rememberTheme();
takeToken();
window.addEventListener('hashchange', () => {              // the link was opened in a tab that shows the page already
  if (takeToken()) location.reload();
});
createRoot(document.getElementById('page')!).render(
  <CSPProvider disableStyleElements>
    <QueryClientProvider client={queryClient}>
      <App />
    </QueryClientProvider>
  </CSPProvider>,
);
