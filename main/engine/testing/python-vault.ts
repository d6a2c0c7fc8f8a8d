import { execFileSync } from 'node:child_process';

/** Another implementation of the vault file's layout, in Python: `open FILE` prints what it holds, `make FILE` writes one. */
const script = `
import sys, io, os, tarfile, hashlib
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
way, path = sys.argv[1], sys.argv[2]
key = lambda salt: hashlib.pbkdf2_hmac('sha256', os.environ['PASSPHRASE'].encode(), salt, 100000, 32)
if way == 'open':
    data = open(path, 'rb').read()
    plain = AESGCM(key(data[:32])).decrypt(data[32:44], data[44:], None)
    tar = tarfile.open(fileobj=io.BytesIO(plain), mode='r:gz')
    for m in tar.getmembers():
        print(m.name, oct(m.mode), tar.extractfile(m).read().decode() if m.isfile() else '-')
else:
    out = io.BytesIO()
    tar = tarfile.open(fileobj=out, mode='w:gz')
    d = tarfile.TarInfo('./.aws'); d.type = tarfile.DIRTYPE; d.mode = 0o700; tar.addfile(d)
    body = b'key of another tool'
    f = tarfile.TarInfo('./.aws/' + 'n' * 120); f.size = len(body); f.mode = 0o640; tar.addfile(f, io.BytesIO(body))
    p = tarfile.TarInfo('./.vault_pass'); tar.addfile(p, io.BytesIO(b''))
    tar.close()
    salt, nonce = os.urandom(32), os.urandom(12)
    open(path, 'wb').write(salt + nonce + AESGCM(key(salt)).encrypt(nonce, out.getvalue(), None))
`;

/** The one file in a vault that `make` writes, and what it holds. */
export const pythonMember = { path: `.aws/${'n'.repeat(120)}`, text: 'key of another tool' };

/** Runs it and returns what it printed. */
export function runPythonVault(way: 'open' | 'make', file: string, passphrase: string): string {
  const env = { ...process.env, PASSPHRASE: passphrase };
  return execFileSync('python3', ['-c', script, way, file], { encoding: 'utf8', env });
}

export const hasPython = ((): boolean => {
  try {
    execFileSync('python3', ['-c', 'from cryptography.hazmat.primitives.ciphers.aead import AESGCM'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
})();

/** For the names of tests that are skipped. */
export const whyNoPython = hasPython
  ? ''
  : ' (skipped: python3 with its cryptography package is not here; apt-get install python3-cryptography)';
