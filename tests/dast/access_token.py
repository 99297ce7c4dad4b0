"""Prints an access token of the server at argv[1], whose anchor is the file argv[2]."""

import os
import sys

import requests

answer = requests.post(
    sys.argv[1] + "/oauth2/token",
    data={"grant_type": "client_credentials"},
    auth=(os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"]),
    verify=sys.argv[2],
    timeout=10,
)
answer.raise_for_status()
print(answer.json()["access_token"])
