"""Recomputes the root of an exported log from its entries with pymerkle, and proves an entry of it.

pymerkle_root.py FOLDER: exits with 0 when the root is that of the checkpoint.
"""

import base64
import pathlib
import sys

from pymerkle import InmemoryTree, verify_inclusion


def entries(folder, size):
    """The entries, in order: bundles of 256, each entry after its length in two bytes (C2SP tlog-tiles)."""
    left = size
    number = 0
    while left:
        parts = [f"{number % 1000:03}"]
        rest = number // 1000
        while rest:
            parts.insert(0, f"x{rest % 1000:03}")
            rest //= 1000
        name = "/".join(parts) + ("" if left >= 256 else f".p/{left}")
        data = (folder / "tile/entries" / name).read_bytes()
        while data:
            length = int.from_bytes(data[:2], "big")
            yield data[2 : 2 + length]
            data = data[2 + length :]
            left -= 1
        number += 1


folder = pathlib.Path(sys.argv[1])
_, size, root, *_ = (folder / "checkpoint").read_text().split("\n")
size, root = int(size), base64.b64decode(root)
tree = InmemoryTree(algorithm="sha256")
for entry in entries(folder, size):
    tree.append_entry(entry)
if tree.get_size() != size or tree.get_state() != root:
    sys.exit(f"pymerkle finds {tree.get_state().hex()} over {tree.get_size()} entries, and not {root.hex()} over {size}")
verify_inclusion(tree.get_leaf(size // 2), root, tree.prove_inclusion(size // 2))
print(f"pymerkle: {size} entries, root {root.hex()}")
