#!/usr/bin/env python3
"""Checks a package of evidence: digests, Merkle proofs (RFC 6962, RFC 9162 2.1.3.2), and signatures where `cryptography` is installed."""
import base64
import hashlib
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
problems = []
notes = []


def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(index, size, leaf, path):
    """RFC 9162, 2.1.3.2: the root that an inclusion proof leads to; None when the proof has another length."""
    if index >= size:
        return None
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return r if sn == 0 else None


def sums():
    listed = {}
    for line in (HERE / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ", 1)
        listed[name] = digest
    for name, digest in listed.items():
        path = HERE / name
        if not path.is_file():
            problems.append(f"{name} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            problems.append(f"{name} is not the file that was packed")
    for path in HERE.rglob("*"):
        name = path.relative_to(HERE).as_posix()
        if path.is_file() and name not in listed and name not in ("SHA256SUMS", "SHA256SUMS.note"):
            problems.append(f"{name} was added")
    note = (HERE / "SHA256SUMS.note").read_text()
    text = note.split("\n\n", 1)[0] + "\n"
    if text != "vigil/evidence\n" + (HERE / "SHA256SUMS").read_text():
        problems.append("SHA256SUMS is not the list that was signed")
    return len(listed)


def signature(note, vkey, cosigned=False):
    """Whether the note carries a signature of this key (C2SP signed-note; of a cosignature, tlog-cosignature)."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    name, key_hash, key = vkey.strip().split("+", 2)
    key = base64.b64decode(key)[1:]
    text, signatures = note.rsplit("\n\n", 1)
    text += "\n"
    for line in signatures.splitlines():
        dash, signer, signed = line.split(" ", 2)
        signed = base64.b64decode(signed)
        if dash != "\u2014" or signer != name or signed[:4].hex() != key_hash:
            continue
        message, value = text.encode(), signed[4:]
        if cosigned:
            time = int.from_bytes(value[:8], "big")
            message, value = f"cosignature/v1\ntime {time}\n{text}".encode(), value[8:]
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(value, message)
            return True
        except InvalidSignature:
            return False
    return False


def check_signatures():
    try:
        import cryptography  # noqa: F401
    except ImportError:
        notes.append("signatures were NOT checked: the Python package `cryptography` is not installed")
        return
    if not signature((HERE / "SHA256SUMS.note").read_text(), (HERE / "evidence-vkey").read_text()):
        problems.append("SHA256SUMS.note is not signed by evidence-vkey")
    witness = (HERE / "witness-vkey").read_text()
    for checkpoint in sorted(HERE.glob("logs/*/checkpoint")):
        note = checkpoint.read_text()
        vkey = (checkpoint.parent / "vkey").read_text().strip()
        if vkey and not signature(note, vkey):
            problems.append(f"{checkpoint.parent.name}: the checkpoint is not signed by the workstation")
        if not signature(note, witness, cosigned=True):
            problems.append(f"{checkpoint.parent.name}: the checkpoint is not cosigned by the server")


def check_with_pymerkle(size, index, entry, root, path):
    """The same proof, by somebody else's library; False where it is not installed."""
    try:
        from pymerkle import InvalidProof, verify_inclusion
        from pymerkle.proof import InclusionProof
    except ImportError:
        return False
    # The side on which each hash of the path stands: 1, it is on the left. The last bit is of the root.
    fn, sn, rule = index, size - 1, []
    for _ in path:
        if fn & 1 or fn == sn:
            rule.append(1)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            rule.append(0)
        fn, sn = fn >> 1, sn >> 1
    leaf = leaf_hash(entry)
    proof = InclusionProof("sha256", True, size, index + 1, rule + [0], [leaf] + path)
    try:
        verify_inclusion(leaf, root, proof, index=index + 1, size=size, algorithm="sha256")
    except InvalidProof as error:
        problems.append(f"pymerkle, entry {index + 1}: {error}")
    return True


def proofs():
    count, by_pymerkle = 0, 0
    for path in sorted(HERE.glob("logs/*/proofs/*.tlog-proof")):
        log, seq = path.parent.parent.name, int(path.name.split(".")[0])
        head, checkpoint = path.read_text().split("\n\n", 1)
        lines = head.splitlines()
        if lines[0] != "c2sp.org/tlog-proof@v1" or lines[1] != f"index {seq - 1}":
            problems.append(f"{log}/{seq}: this is no proof of that entry")
            continue
        if checkpoint != (path.parent.parent / "checkpoint").read_text():
            problems.append(f"{log}/{seq}: the proof ends in another checkpoint")
        hashes = [base64.b64decode(line) for line in lines[2:]]
        size, root = int(checkpoint.splitlines()[1]), base64.b64decode(checkpoint.splitlines()[2])
        entry = (path.parent.parent / "entries" / str(seq)).read_bytes()
        if root_of(seq - 1, size, leaf_hash(entry), hashes) != root:
            problems.append(f"{log}/{seq}: the entry is not in the log")
        by_pymerkle += check_with_pymerkle(size, seq - 1, entry, root, hashes)
        count += 1
    entries = len(list(HERE.glob("logs/*/entries/*")))
    if entries != count:
        problems.append(f"{entries} entries have {count} proofs")
    return count, by_pymerkle


files = sums()
count, by_pymerkle = proofs()
check_signatures()
print(f"{files} files, {count} entries with proofs" + (f", {by_pymerkle} of them by pymerkle too" if by_pymerkle else ""))
for note in notes:
    print(note)
for problem in problems:
    print("NOT SOUND:", problem)
print("not sound" if problems else "sound")
sys.exit(1 if problems else 0)
