"""Reads the mails in a folder with Python's own parser, and prints them as JSON."""

import email
import email.policy
import email.utils
import glob
import json
import os
import sys

mails = []
for name in sorted(glob.glob(os.path.join(sys.argv[1], "*.eml"))):
    with open(name, "rb") as file:
        envelope = json.loads(file.readline())
        raw = file.read()
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    mails.append(
        {
            "envelope": envelope,
            "raw": raw.decode("ascii"),
            "defects": [str(defect) for defect in parsed.defects],
            "headers": {key.lower(): str(value) for key, value in parsed.items()},
            "to": [address.addr_spec for address in parsed["to"].addresses],
            "date": email.utils.parsedate_to_datetime(parsed["date"]).timestamp(),
            "type": parsed.get_content_type(),
            "body": parsed.get_content(),
        }
    )
json.dump(mails, sys.stdout)
