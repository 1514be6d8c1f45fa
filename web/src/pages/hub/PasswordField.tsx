import { Field } from '../../ui/Field';

/// A new password of a hub's user.
export function PasswordField({ value, onChange }: { value: string; onChange: (password: string) => void }) {
  return (
    <Field label="Password" hint="10 to 200 characters. Kept as an Argon2id hash.">
      {ids => <input {...ids} type="password" required minLength={10} maxLength={200} value={value} onChange={event => onChange(event.target.value)} autoComplete="new-password" />}
    </Field>
  );
}
