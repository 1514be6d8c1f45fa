// How a setting of the node is written in a form, and read from it.

import type { Setting, SettingValue } from '../api/types';

const LABELS: Record<string, string> = {
  'board.node_name': 'Name of this node', 'board.public_url': 'Public address', 'addresses': 'Addresses in invitations', 'board.offline_after_hours': 'Hours until a project is out of touch',
  'sync.alert_lag': 'Alert when a peer lacks more events than', 'sync.alert_webhook': 'Where alerts are posted', 'sync.allowed_ranges': 'Addresses that may connect', 'sync.push_rate': 'Events a second that a member may push',
  'sync.subscription_interval': 'Time between looks at a mirrored hive (ms)', 'compaction.automatic': 'Make logs small by themselves', 'compaction.retention_days': 'Days until events are condensed',
  'compaction.checkpoint_days': 'Days between checkpoints', 'compaction.checkpoint_events': 'Entries between checkpoints',
};

export function label(name: string): string {
  return LABELS[name] ?? name;
}

export function toText({ value }: Pick<Setting, 'value'>): string {
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/// What a person typed, as the setting's kind wants it. What is no number goes as it is: the node says what is wrong with it.
export function fromText({ kind }: Pick<Setting, 'kind'>, text: string): SettingValue {
  const typed = text.trim();
  switch (kind) {
    case 'flag': return typed === 'true';
    case 'number': return /^-?\d{1,15}$/.test(typed) ? Number(typed) : typed === '' ? null : typed;
    case 'text': return typed === '' ? null : typed;
    case 'texts': {
      const several = typed.split(',').map(each => each.trim()).filter(each => each !== '');
      return several.length === 0 ? null : several;
    }
  }
}
