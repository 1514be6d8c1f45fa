import { Component, type ReactNode } from 'react';

/// A bug in one page must not take the others with it: it is said, and the rest stays.
export class Boundary extends Component<{ children: ReactNode }, { bug: Error | null }> {
  override state: { bug: Error | null } = { bug: null };

  static getDerivedStateFromError(bug: Error) {
    return { bug };
  }

  override render() {
    if (this.state.bug === null) return this.props.children;
    return (
      <>
        <h1>This page has a bug</h1>
        <p className="problem" role="alert">{this.state.bug.message}. The node works on; nothing is lost. Please report it.</p>
        <button type="button" onClick={() => this.setState({ bug: null })}>Try again</button>
      </>
    );
  }
}
